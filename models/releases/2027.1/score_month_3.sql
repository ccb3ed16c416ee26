-- riskmodel 2027.1: Exempelstad, month 3
-- Waiver of G10 until 2028-06-30, granted by Bo Ek, enhetschef: Exempelstad är påhittad: här finns ingen jurist som kan svara.
-- Waiver of G12 until 2028-06-30, granted by Bo Ek, enhetschef: Exempelstad är påhittad: ingen handläggare använder råden.
-- Points and risk per case, by the arithmetic of release.json. For evaluation only: no flags, no ranking.
-- Input: a table answers with the columns case_id, "self_rating" text, "age" integer, "education" text, "work_experience" text, "situation" text, "swedish" text, "health_physical" text, "health_mental" text, "housing" text, "debts" text, "earlier_months" integer, "receipts_so_far" integer.
-- Levels are given as codes, in no other spelling; numbers as they are asked for, not as years of birth, and
-- whole where the column is integer. NULL is no answer, and so is a number that stands for none.
-- What the release does not know, an answer with a rule of its own, a number outside its range and an age
-- outside 18-64 give NULL, never a guess.
-- Hardly anybody like an unusual case was ever seen: its risk would be uncertain, and is NULL. Rarity says how rare
-- each answer is; beyond a sum of 10000 a case is unusual.
WITH numbers_by_item AS (
  SELECT
    case_id,
    -- self_rating
    CASE
      WHEN "self_rating" IS NULL THEN 4
      WHEN "self_rating" IN ('no_answer', 'not_asked', 'not_observed') THEN 4
      WHEN "self_rating" = 'ready' THEN 0
      WHEN "self_rating" = 'some_help' THEN 2
      WHEN "self_rating" = 'much_help' THEN 6
      WHEN "self_rating" = 'not_now' THEN 10
    END AS points_1,
    CASE
      WHEN "self_rating" IS NULL THEN 1362
      WHEN "self_rating" IN ('no_answer', 'not_asked', 'not_observed') THEN 1362
      WHEN "self_rating" = 'ready' THEN 211
      WHEN "self_rating" = 'some_help' THEN 85
      WHEN "self_rating" = 'much_help' THEN 211
      WHEN "self_rating" = 'not_now' THEN 532
    END AS rarity_1,
    -- age
    CASE
      WHEN "age" IS NULL THEN 0
      WHEN "age" = 18 THEN 0
      WHEN "age" = 19 THEN 0
      WHEN "age" = 20 THEN 0
      WHEN "age" = 21 THEN 0
      WHEN "age" = 22 THEN 0
      WHEN "age" = 23 THEN 0
      WHEN "age" = 24 THEN 0
      WHEN "age" = 25 THEN 0
      WHEN "age" = 26 THEN 0
      WHEN "age" = 27 THEN 0
      WHEN "age" = 28 THEN 0
      WHEN "age" = 29 THEN 0
      WHEN "age" = 30 THEN 0
      WHEN "age" = 31 THEN 1
      WHEN "age" = 32 THEN 1
      WHEN "age" = 33 THEN 1
      WHEN "age" = 34 THEN 1
      WHEN "age" = 35 THEN 1
      WHEN "age" = 36 THEN 1
      WHEN "age" = 37 THEN 1
      WHEN "age" = 38 THEN 1
      WHEN "age" = 39 THEN 1
      WHEN "age" = 40 THEN 1
      WHEN "age" = 41 THEN 1
      WHEN "age" = 42 THEN 1
      WHEN "age" = 43 THEN 2
      WHEN "age" = 44 THEN 2
      WHEN "age" = 45 THEN 2
      WHEN "age" = 46 THEN 2
      WHEN "age" = 47 THEN 2
      WHEN "age" = 48 THEN 3
      WHEN "age" = 49 THEN 3
      WHEN "age" = 50 THEN 3
      WHEN "age" = 51 THEN 3
      WHEN "age" = 52 THEN 3
      WHEN "age" = 53 THEN 4
      WHEN "age" = 54 THEN 4
      WHEN "age" = 55 THEN 4
      WHEN "age" = 56 THEN 5
      WHEN "age" = 57 THEN 5
      WHEN "age" = 58 THEN 5
      WHEN "age" = 59 THEN 5
      WHEN "age" = 60 THEN 6
      WHEN "age" = 61 THEN 6
      WHEN "age" = 62 THEN 6
      WHEN "age" = 63 THEN 6
      WHEN "age" = 64 THEN 7
    END AS points_2,
    CASE
      WHEN "age" IS NULL THEN 1362
      WHEN "age" = 18 THEN 211
      WHEN "age" = 19 THEN 211
      WHEN "age" = 20 THEN 211
      WHEN "age" = 21 THEN 133
      WHEN "age" = 22 THEN 133
      WHEN "age" = 23 THEN 85
      WHEN "age" = 24 THEN 85
      WHEN "age" = 25 THEN 54
      WHEN "age" = 26 THEN 54
      WHEN "age" = 27 THEN 33
      WHEN "age" = 28 THEN 33
      WHEN "age" = 29 THEN 33
      WHEN "age" = 30 THEN 33
      WHEN "age" = 31 THEN 33
      WHEN "age" = 32 THEN 54
      WHEN "age" = 33 THEN 54
      WHEN "age" = 34 THEN 54
      WHEN "age" = 35 THEN 54
      WHEN "age" = 36 THEN 85
      WHEN "age" = 37 THEN 85
      WHEN "age" = 38 THEN 85
      WHEN "age" = 39 THEN 85
      WHEN "age" = 40 THEN 85
      WHEN "age" = 41 THEN 85
      WHEN "age" = 42 THEN 133
      WHEN "age" = 43 THEN 85
      WHEN "age" = 44 THEN 85
      WHEN "age" = 45 THEN 85
      WHEN "age" = 46 THEN 85
      WHEN "age" = 47 THEN 85
      WHEN "age" = 48 THEN 85
      WHEN "age" = 49 THEN 85
      WHEN "age" = 50 THEN 85
      WHEN "age" = 51 THEN 85
      WHEN "age" = 52 THEN 85
      WHEN "age" = 53 THEN 133
      WHEN "age" = 54 THEN 133
      WHEN "age" = 55 THEN 133
      WHEN "age" = 56 THEN 211
      WHEN "age" = 57 THEN 211
      WHEN "age" = 58 THEN 340
      WHEN "age" = 59 THEN 340
      WHEN "age" = 60 THEN 340
      WHEN "age" = 61 THEN 532
      WHEN "age" = 62 THEN 532
      WHEN "age" = 63 THEN 532
      WHEN "age" = 64 THEN 844
    END AS rarity_2,
    -- education
    CASE
      WHEN "education" IS NULL THEN 2
      WHEN "education" IN ('no_answer', 'not_asked', 'not_observed') THEN 2
      WHEN "education" = 'none' THEN 8
      WHEN "education" = 'compulsory' THEN 4
      WHEN "education" = 'upper_secondary' THEN 2
      WHEN "education" = 'post_secondary' THEN 0
    END AS points_3,
    CASE
      WHEN "education" IS NULL THEN 1362
      WHEN "education" IN ('no_answer', 'not_asked', 'not_observed') THEN 1362
      WHEN "education" = 'none' THEN 532
      WHEN "education" = 'compulsory' THEN 211
      WHEN "education" = 'upper_secondary' THEN 85
      WHEN "education" = 'post_secondary' THEN 211
    END AS rarity_3,
    -- work_experience
    CASE
      WHEN "work_experience" IS NULL THEN 6
      WHEN "work_experience" IN ('no_answer', 'not_asked', 'not_observed') THEN 6
      WHEN "work_experience" = 'none' THEN 13
      WHEN "work_experience" = 'up_to_6_months' THEN 6
      WHEN "work_experience" = 'up_to_24_months' THEN 3
      WHEN "work_experience" = 'over_24_months' THEN 0
    END AS points_4,
    CASE
      WHEN "work_experience" IS NULL THEN 1362
      WHEN "work_experience" IN ('no_answer', 'not_asked', 'not_observed') THEN 1362
      WHEN "work_experience" = 'none' THEN 211
      WHEN "work_experience" = 'up_to_6_months' THEN 211
      WHEN "work_experience" = 'up_to_24_months' THEN 85
      WHEN "work_experience" = 'over_24_months' THEN 211
    END AS rarity_4,
    -- situation
    CASE
      WHEN "situation" IS NULL THEN 2
      WHEN "situation" IN ('no_answer', 'not_asked', 'not_observed') THEN 2
      WHEN "situation" = 'waiting_income' THEN 0
      WHEN "situation" = 'part_time' THEN 0
      WHEN "situation" = 'other' THEN 1
      WHEN "situation" = 'unemployed' THEN 3
      WHEN "situation" = 'sick' THEN 5
    END AS points_5,
    CASE
      WHEN "situation" IS NULL THEN 844
      WHEN "situation" IN ('no_answer', 'not_asked', 'not_observed') THEN 844
      WHEN "situation" = 'waiting_income' THEN 532
      WHEN "situation" = 'part_time' THEN 340
      WHEN "situation" = 'other' THEN 532
      WHEN "situation" = 'unemployed' THEN 85
      WHEN "situation" = 'sick' THEN 211
    END AS rarity_5,
    -- swedish
    CASE
      WHEN "swedish" IS NULL THEN 2
      WHEN "swedish" IN ('no_answer', 'not_asked', 'not_observed') THEN 2
      WHEN "swedish" = 'interpreter' THEN 9
      WHEN "swedish" = 'basic' THEN 5
      WHEN "swedish" = 'everyday' THEN 2
      WHEN "swedish" = 'fluent' THEN 0
    END AS points_6,
    CASE
      WHEN "swedish" IS NULL THEN 844
      WHEN "swedish" IN ('no_answer', 'not_asked', 'not_observed') THEN 844
      WHEN "swedish" = 'interpreter' THEN 340
      WHEN "swedish" = 'basic' THEN 340
      WHEN "swedish" = 'everyday' THEN 211
      WHEN "swedish" = 'fluent' THEN 85
    END AS rarity_6,
    -- health_physical
    CASE
      WHEN "health_physical" IS NULL THEN 3
      WHEN "health_physical" IN ('no_answer', 'not_asked', 'not_observed') THEN 3
      WHEN "health_physical" = 'none' THEN 0
      WHEN "health_physical" = 'some' THEN 2
      WHEN "health_physical" = 'severe' THEN 7
    END AS points_7,
    CASE
      WHEN "health_physical" IS NULL THEN 844
      WHEN "health_physical" IN ('no_answer', 'not_asked', 'not_observed') THEN 844
      WHEN "health_physical" = 'none' THEN 85
      WHEN "health_physical" = 'some' THEN 211
      WHEN "health_physical" = 'severe' THEN 211
    END AS rarity_7,
    -- health_mental
    CASE
      WHEN "health_mental" IS NULL THEN 1
      WHEN "health_mental" IN ('no_answer', 'not_asked', 'not_observed') THEN 1
      WHEN "health_mental" = 'none' THEN 0
      WHEN "health_mental" = 'some' THEN 2
      WHEN "health_mental" = 'severe' THEN 7
    END AS points_8,
    CASE
      WHEN "health_mental" IS NULL THEN 844
      WHEN "health_mental" IN ('no_answer', 'not_asked', 'not_observed') THEN 844
      WHEN "health_mental" = 'none' THEN 54
      WHEN "health_mental" = 'some' THEN 211
      WHEN "health_mental" = 'severe' THEN 211
    END AS rarity_8,
    -- housing
    CASE
      WHEN "housing" IS NULL THEN 7
      WHEN "housing" IN ('no_answer', 'not_asked', 'not_observed') THEN 7
      WHEN "housing" = 'own' THEN 0
      WHEN "housing" = 'second_hand' THEN 4
      WHEN "housing" = 'lodger' THEN 8
      WHEN "housing" = 'homeless' THEN 14
    END AS points_9,
    CASE
      WHEN "housing" IS NULL THEN 1362
      WHEN "housing" IN ('no_answer', 'not_asked', 'not_observed') THEN 1362
      WHEN "housing" = 'own' THEN 85
      WHEN "housing" = 'second_hand' THEN 211
      WHEN "housing" = 'lodger' THEN 340
      WHEN "housing" = 'homeless' THEN 532
    END AS rarity_9,
    -- debts
    CASE
      WHEN "debts" IS NULL THEN 6
      WHEN "debts" IN ('no_answer', 'not_asked', 'not_observed') THEN 6
      WHEN "debts" = 'no' THEN 0
      WHEN "debts" = 'yes' THEN 13
    END AS points_10,
    CASE
      WHEN "debts" IS NULL THEN 1362
      WHEN "debts" IN ('no_answer', 'not_asked', 'not_observed') THEN 1362
      WHEN "debts" = 'no' THEN 54
      WHEN "debts" = 'yes' THEN 133
    END AS rarity_10,
    -- earlier_months
    CASE
      WHEN "earlier_months" IS NULL THEN 0
      WHEN "earlier_months" = 0 THEN 0
      WHEN "earlier_months" = 1 THEN 1
      WHEN "earlier_months" = 2 THEN 1
      WHEN "earlier_months" = 3 THEN 2
      WHEN "earlier_months" = 4 THEN 2
      WHEN "earlier_months" = 5 THEN 3
      WHEN "earlier_months" = 6 THEN 3
      WHEN "earlier_months" = 7 THEN 3
      WHEN "earlier_months" = 8 THEN 4
      WHEN "earlier_months" = 9 THEN 4
      WHEN "earlier_months" = 10 THEN 5
      WHEN "earlier_months" = 11 THEN 5
      WHEN "earlier_months" = 12 THEN 5
      WHEN "earlier_months" = 13 THEN 6
      WHEN "earlier_months" = 14 THEN 6
      WHEN "earlier_months" = 15 THEN 6
      WHEN "earlier_months" = 16 THEN 6
      WHEN "earlier_months" = 17 THEN 6
      WHEN "earlier_months" = 18 THEN 6
      WHEN "earlier_months" = 19 THEN 6
      WHEN "earlier_months" = 20 THEN 6
      WHEN "earlier_months" = 21 THEN 6
      WHEN "earlier_months" = 22 THEN 6
      WHEN "earlier_months" = 23 THEN 7
      WHEN "earlier_months" = 24 THEN 7
    END AS points_11,
    CASE
      WHEN "earlier_months" IS NULL THEN 0
      WHEN "earlier_months" = 0 THEN 5
      WHEN "earlier_months" = 1 THEN 21
      WHEN "earlier_months" = 2 THEN 85
      WHEN "earlier_months" = 3 THEN 211
      WHEN "earlier_months" = 4 THEN 340
      WHEN "earlier_months" = 5 THEN 532
      WHEN "earlier_months" = 6 THEN 844
      WHEN "earlier_months" = 7 THEN 1362
      WHEN "earlier_months" = 8 THEN 1362
      WHEN "earlier_months" = 9 THEN 1362
      WHEN "earlier_months" = 10 THEN 1362
      WHEN "earlier_months" = 11 THEN 2128
      WHEN "earlier_months" = 12 THEN 2128
      WHEN "earlier_months" = 13 THEN 1362
      WHEN "earlier_months" = 14 THEN 1362
      WHEN "earlier_months" = 15 THEN 1362
      WHEN "earlier_months" = 16 THEN 1362
      WHEN "earlier_months" = 17 THEN 1362
      WHEN "earlier_months" = 18 THEN 1362
      WHEN "earlier_months" = 19 THEN 1362
      WHEN "earlier_months" = 20 THEN 2128
      WHEN "earlier_months" = 21 THEN 2128
      WHEN "earlier_months" = 22 THEN 3324
      WHEN "earlier_months" = 23 THEN 3324
      WHEN "earlier_months" = 24 THEN 5447
    END AS rarity_11,
    -- receipts_so_far
    CASE
      WHEN "receipts_so_far" = 2 THEN 0
      WHEN "receipts_so_far" = 3 THEN 16
    END AS points_12,
    CASE
      WHEN "receipts_so_far" = 2 THEN 2128
      WHEN "receipts_so_far" = 3 THEN 5
    END AS rarity_12
  FROM answers
),
numbers_by_case AS (
  SELECT
    case_id,
    points_1 + points_2 + points_3 + points_4 + points_5 + points_6 + points_7 + points_8 + points_9 + points_10 + points_11 + points_12 AS points,
    3324 + rarity_1 + rarity_2 + rarity_3 + rarity_4 + rarity_5 + rarity_6 + rarity_7 + rarity_8 + rarity_9 + rarity_10 + rarity_11 + rarity_12 > 10000 AS unusual
  FROM numbers_by_item
),
risk_by_points (points, risk) AS (
  VALUES
    (0, CAST('0.01662635611' AS DOUBLE PRECISION)),
    (1, CAST('0.01779844781' AS DOUBLE PRECISION)),
    (2, CAST('0.0190515665' AS DOUBLE PRECISION)),
    (3, CAST('0.02039108069' AS DOUBLE PRECISION)),
    (4, CAST('0.02182268083' AS DOUBLE PRECISION)),
    (5, CAST('0.02335239358' AS DOUBLE PRECISION)),
    (6, CAST('0.02498659614' AS DOUBLE PRECISION)),
    (7, CAST('0.02673203012' AS DOUBLE PRECISION)),
    (8, CAST('0.02859581512' AS DOUBLE PRECISION)),
    (9, CAST('0.03058546155' AS DOUBLE PRECISION)),
    (10, CAST('0.03270888269' AS DOUBLE PRECISION)),
    (11, CAST('0.0349744055' AS DOUBLE PRECISION)),
    (12, CAST('0.03739078006' AS DOUBLE PRECISION)),
    (13, CAST('0.03996718725' AS DOUBLE PRECISION)),
    (14, CAST('0.04271324416' AS DOUBLE PRECISION)),
    (15, CAST('0.04563900711' AS DOUBLE PRECISION)),
    (16, CAST('0.04875497151' AS DOUBLE PRECISION)),
    (17, CAST('0.05207206815' AS DOUBLE PRECISION)),
    (18, CAST('0.05560165557' AS DOUBLE PRECISION)),
    (19, CAST('0.0593555075' AS DOUBLE PRECISION)),
    (20, CAST('0.06334579519' AS DOUBLE PRECISION)),
    (21, CAST('0.06758506358' AS DOUBLE PRECISION)),
    (22, CAST('0.07208620085' AS DOUBLE PRECISION)),
    (23, CAST('0.07686240054' AS DOUBLE PRECISION)),
    (24, CAST('0.08192711544' AS DOUBLE PRECISION)),
    (25, CAST('0.08729400262' AS DOUBLE PRECISION)),
    (26, CAST('0.09297685891' AS DOUBLE PRECISION)),
    (27, CAST('0.09898954593' AS DOUBLE PRECISION)),
    (28, CAST('0.1053459044' AS DOUBLE PRECISION)),
    (29, CAST('0.1120596572' AS DOUBLE PRECISION)),
    (30, CAST('0.1191443' AS DOUBLE PRECISION)),
    (31, CAST('0.1266129808' AS DOUBLE PRECISION)),
    (32, CAST('0.1344783671' AS DOUBLE PRECISION)),
    (33, CAST('0.1427525012' AS DOUBLE PRECISION)),
    (34, CAST('0.1514466442' AS DOUBLE PRECISION)),
    (35, CAST('0.1605711103' AS DOUBLE PRECISION)),
    (36, CAST('0.1701350914' AS DOUBLE PRECISION)),
    (37, CAST('0.1801464742' AS DOUBLE PRECISION)),
    (38, CAST('0.190611652' AS DOUBLE PRECISION)),
    (39, CAST('0.201535334' AS DOUBLE PRECISION)),
    (40, CAST('0.2129203535' AS DOUBLE PRECISION)),
    (41, CAST('0.2247674809' AS DOUBLE PRECISION)),
    (42, CAST('0.2370752427' AS DOUBLE PRECISION)),
    (43, CAST('0.2498397527' AS DOUBLE PRECISION)),
    (44, CAST('0.2630545583' AS DOUBLE PRECISION)),
    (45, CAST('0.2767105073' AS DOUBLE PRECISION)),
    (46, CAST('0.2907956401' AS DOUBLE PRECISION)),
    (47, CAST('0.3052951106' AS DOUBLE PRECISION)),
    (48, CAST('0.3201911416' AS DOUBLE PRECISION)),
    (49, CAST('0.3354630168' AS DOUBLE PRECISION)),
    (50, CAST('0.3510871144' AS DOUBLE PRECISION)),
    (51, CAST('0.3670369836' AS DOUBLE PRECISION)),
    (52, CAST('0.383283465' AS DOUBLE PRECISION)),
    (53, CAST('0.3997948572' AS DOUBLE PRECISION)),
    (54, CAST('0.4165371267' AS DOUBLE PRECISION)),
    (55, CAST('0.4334741599' AS DOUBLE PRECISION)),
    (56, CAST('0.4505680544' AS DOUBLE PRECISION)),
    (57, CAST('0.4677794441' AS DOUBLE PRECISION)),
    (58, CAST('0.4850678535' AS DOUBLE PRECISION)),
    (59, CAST('0.5023920731' AS DOUBLE PRECISION)),
    (60, CAST('0.5197105512' AS DOUBLE PRECISION)),
    (61, CAST('0.5369817905' AS DOUBLE PRECISION)),
    (62, CAST('0.554164746' AS DOUBLE PRECISION)),
    (63, CAST('0.5712192114' AS DOUBLE PRECISION)),
    (64, CAST('0.5881061906' AS DOUBLE PRECISION)),
    (65, CAST('0.6047882439' AS DOUBLE PRECISION)),
    (66, CAST('0.6212298044' AS DOUBLE PRECISION)),
    (67, CAST('0.6373974591' AS DOUBLE PRECISION)),
    (68, CAST('0.6532601892' AS DOUBLE PRECISION)),
    (69, CAST('0.6687895685' AS DOUBLE PRECISION)),
    (70, CAST('0.6839599169' AS DOUBLE PRECISION)),
    (71, CAST('0.6987484092' AS DOUBLE PRECISION)),
    (72, CAST('0.7131351389' AS DOUBLE PRECISION)),
    (73, CAST('0.7271031404' AS DOUBLE PRECISION)),
    (74, CAST('0.7406383705' AS DOUBLE PRECISION)),
    (75, CAST('0.753729654' AS DOUBLE PRECISION)),
    (76, CAST('0.7663685959' AS DOUBLE PRECISION)),
    (77, CAST('0.7785494665' AS DOUBLE PRECISION)),
    (78, CAST('0.7902690617' AS DOUBLE PRECISION)),
    (79, CAST('0.8015265449' AS DOUBLE PRECISION)),
    (80, CAST('0.8123232745' AS DOUBLE PRECISION)),
    (81, CAST('0.8226626208' AS DOUBLE PRECISION)),
    (82, CAST('0.8325497769' AS DOUBLE PRECISION)),
    (83, CAST('0.8419915677' AS DOUBLE PRECISION)),
    (84, CAST('0.8509962587' AS DOUBLE PRECISION)),
    (85, CAST('0.8595733696' AS DOUBLE PRECISION)),
    (86, CAST('0.8677334931' AS DOUBLE PRECISION)),
    (87, CAST('0.8754881224' AS DOUBLE PRECISION)),
    (88, CAST('0.8828494874' AS DOUBLE PRECISION)),
    (89, CAST('0.8898304021' AS DOUBLE PRECISION)),
    (90, CAST('0.8964441233' AS DOUBLE PRECISION)),
    (91, CAST('0.9027042212' AS DOUBLE PRECISION)),
    (92, CAST('0.9086244613' AS DOUBLE PRECISION)),
    (93, CAST('0.9142186994' AS DOUBLE PRECISION)),
    (94, CAST('0.9195007874' AS DOUBLE PRECISION)),
    (95, CAST('0.9244844905' AS DOUBLE PRECISION)),
    (96, CAST('0.9291834154' AS DOUBLE PRECISION)),
    (97, CAST('0.9336109485' AS DOUBLE PRECISION)),
    (98, CAST('0.9377802031' AS DOUBLE PRECISION)),
    (99, CAST('0.9417039763' AS DOUBLE PRECISION)),
    (100, CAST('0.9453947125' AS DOUBLE PRECISION)),
    (101, CAST('0.9488644752' AS DOUBLE PRECISION)),
    (102, CAST('0.9521249253' AS DOUBLE PRECISION)),
    (103, CAST('0.9551873041' AS DOUBLE PRECISION)),
    (104, CAST('0.9580624227' AS DOUBLE PRECISION)),
    (105, CAST('0.9607606557' AS DOUBLE PRECISION)),
    (106, CAST('0.9632919379' AS DOUBLE PRECISION)),
    (107, CAST('0.9656657656' AS DOUBLE PRECISION)),
    (108, CAST('0.9678912001' AS DOUBLE PRECISION)),
    (109, CAST('0.9699768737' AS DOUBLE PRECISION)),
    (110, CAST('0.9719309983' AS DOUBLE PRECISION)),
    (111, CAST('0.9737613747' AS DOUBLE PRECISION)),
    (112, CAST('0.9754754042' AS DOUBLE PRECISION)),
    (113, CAST('0.9770801008' AS DOUBLE PRECISION)),
    (114, CAST('0.978582104' AS DOUBLE PRECISION)),
    (115, CAST('0.979987693' AS DOUBLE PRECISION)),
    (116, CAST('0.9813028' AS DOUBLE PRECISION))
)
SELECT
  numbers_by_case.case_id,
  numbers_by_case.points,
  CASE WHEN numbers_by_case.unusual THEN NULL ELSE risk_by_points.risk END AS risk,
  numbers_by_case.unusual
FROM numbers_by_case
LEFT JOIN risk_by_points ON risk_by_points.points = numbers_by_case.points
ORDER BY numbers_by_case.case_id;
