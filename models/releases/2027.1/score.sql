-- riskmodel 2027.1: Exempelstad, month 0
-- Waiver of G10 until 2028-06-30, granted by Bo Ek, enhetschef: Exempelstad är påhittad: här finns ingen jurist som kan svara.
-- Waiver of G12 until 2028-06-30, granted by Bo Ek, enhetschef: Exempelstad är påhittad: ingen handläggare använder råden.
-- Points and risk per case, by the arithmetic of release.json. For evaluation only: no flags, no ranking.
-- Input: a table answers with the columns case_id, "self_rating" text, "age" integer, "education" text, "work_experience" text, "situation" text, "swedish" text, "health_physical" text, "health_mental" text, "housing" text, "debts" text, "earlier_months" integer.
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
      WHEN "self_rating" = 'some_help' THEN 3
      WHEN "self_rating" = 'much_help' THEN 7
      WHEN "self_rating" = 'not_now' THEN 11
    END AS points_1,
    CASE
      WHEN "self_rating" IS NULL THEN 1641
      WHEN "self_rating" IN ('no_answer', 'not_asked', 'not_observed') THEN 1641
      WHEN "self_rating" = 'ready' THEN 254
      WHEN "self_rating" = 'some_help' THEN 103
      WHEN "self_rating" = 'much_help' THEN 254
      WHEN "self_rating" = 'not_now' THEN 410
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
      WHEN "age" = 42 THEN 2
      WHEN "age" = 43 THEN 2
      WHEN "age" = 44 THEN 2
      WHEN "age" = 45 THEN 2
      WHEN "age" = 46 THEN 2
      WHEN "age" = 47 THEN 3
      WHEN "age" = 48 THEN 3
      WHEN "age" = 49 THEN 3
      WHEN "age" = 50 THEN 3
      WHEN "age" = 51 THEN 4
      WHEN "age" = 52 THEN 4
      WHEN "age" = 53 THEN 4
      WHEN "age" = 54 THEN 4
      WHEN "age" = 55 THEN 5
      WHEN "age" = 56 THEN 5
      WHEN "age" = 57 THEN 5
      WHEN "age" = 58 THEN 6
      WHEN "age" = 59 THEN 6
      WHEN "age" = 60 THEN 6
      WHEN "age" = 61 THEN 7
      WHEN "age" = 62 THEN 7
      WHEN "age" = 63 THEN 7
      WHEN "age" = 64 THEN 7
    END AS points_2,
    CASE
      WHEN "age" IS NULL THEN 1641
      WHEN "age" = 18 THEN 254
      WHEN "age" = 19 THEN 254
      WHEN "age" = 20 THEN 160
      WHEN "age" = 21 THEN 160
      WHEN "age" = 22 THEN 103
      WHEN "age" = 23 THEN 103
      WHEN "age" = 24 THEN 66
      WHEN "age" = 25 THEN 66
      WHEN "age" = 26 THEN 66
      WHEN "age" = 27 THEN 40
      WHEN "age" = 28 THEN 40
      WHEN "age" = 29 THEN 40
      WHEN "age" = 30 THEN 40
      WHEN "age" = 31 THEN 40
      WHEN "age" = 32 THEN 66
      WHEN "age" = 33 THEN 66
      WHEN "age" = 34 THEN 66
      WHEN "age" = 35 THEN 66
      WHEN "age" = 36 THEN 103
      WHEN "age" = 37 THEN 103
      WHEN "age" = 38 THEN 103
      WHEN "age" = 39 THEN 103
      WHEN "age" = 40 THEN 103
      WHEN "age" = 41 THEN 103
      WHEN "age" = 42 THEN 103
      WHEN "age" = 43 THEN 103
      WHEN "age" = 44 THEN 103
      WHEN "age" = 45 THEN 103
      WHEN "age" = 46 THEN 103
      WHEN "age" = 47 THEN 103
      WHEN "age" = 48 THEN 103
      WHEN "age" = 49 THEN 103
      WHEN "age" = 50 THEN 103
      WHEN "age" = 51 THEN 103
      WHEN "age" = 52 THEN 103
      WHEN "age" = 53 THEN 103
      WHEN "age" = 54 THEN 160
      WHEN "age" = 55 THEN 160
      WHEN "age" = 56 THEN 254
      WHEN "age" = 57 THEN 254
      WHEN "age" = 58 THEN 254
      WHEN "age" = 59 THEN 410
      WHEN "age" = 60 THEN 410
      WHEN "age" = 61 THEN 410
      WHEN "age" = 62 THEN 641
      WHEN "age" = 63 THEN 641
      WHEN "age" = 64 THEN 641
    END AS rarity_2,
    -- education
    CASE
      WHEN "education" IS NULL THEN 3
      WHEN "education" IN ('no_answer', 'not_asked', 'not_observed') THEN 3
      WHEN "education" = 'none' THEN 9
      WHEN "education" = 'compulsory' THEN 5
      WHEN "education" = 'upper_secondary' THEN 2
      WHEN "education" = 'post_secondary' THEN 0
    END AS points_3,
    CASE
      WHEN "education" IS NULL THEN 1641
      WHEN "education" IN ('no_answer', 'not_asked', 'not_observed') THEN 1641
      WHEN "education" = 'none' THEN 641
      WHEN "education" = 'compulsory' THEN 254
      WHEN "education" = 'upper_secondary' THEN 103
      WHEN "education" = 'post_secondary' THEN 254
    END AS rarity_3,
    -- work_experience
    CASE
      WHEN "work_experience" IS NULL THEN 7
      WHEN "work_experience" IN ('no_answer', 'not_asked', 'not_observed') THEN 7
      WHEN "work_experience" = 'none' THEN 14
      WHEN "work_experience" = 'up_to_6_months' THEN 7
      WHEN "work_experience" = 'up_to_24_months' THEN 4
      WHEN "work_experience" = 'over_24_months' THEN 0
    END AS points_4,
    CASE
      WHEN "work_experience" IS NULL THEN 1641
      WHEN "work_experience" IN ('no_answer', 'not_asked', 'not_observed') THEN 1641
      WHEN "work_experience" = 'none' THEN 254
      WHEN "work_experience" = 'up_to_6_months' THEN 254
      WHEN "work_experience" = 'up_to_24_months' THEN 103
      WHEN "work_experience" = 'over_24_months' THEN 254
    END AS rarity_4,
    -- situation
    CASE
      WHEN "situation" IS NULL THEN 3
      WHEN "situation" IN ('no_answer', 'not_asked', 'not_observed') THEN 3
      WHEN "situation" = 'waiting_income' THEN 0
      WHEN "situation" = 'part_time' THEN 0
      WHEN "situation" = 'other' THEN 2
      WHEN "situation" = 'unemployed' THEN 3
      WHEN "situation" = 'sick' THEN 6
    END AS points_5,
    CASE
      WHEN "situation" IS NULL THEN 1018
      WHEN "situation" IN ('no_answer', 'not_asked', 'not_observed') THEN 1018
      WHEN "situation" = 'waiting_income' THEN 641
      WHEN "situation" = 'part_time' THEN 410
      WHEN "situation" = 'other' THEN 641
      WHEN "situation" = 'unemployed' THEN 103
      WHEN "situation" = 'sick' THEN 254
    END AS rarity_5,
    -- swedish
    CASE
      WHEN "swedish" IS NULL THEN 3
      WHEN "swedish" IN ('no_answer', 'not_asked', 'not_observed') THEN 3
      WHEN "swedish" = 'interpreter' THEN 10
      WHEN "swedish" = 'basic' THEN 5
      WHEN "swedish" = 'everyday' THEN 2
      WHEN "swedish" = 'fluent' THEN 0
    END AS points_6,
    CASE
      WHEN "swedish" IS NULL THEN 1018
      WHEN "swedish" IN ('no_answer', 'not_asked', 'not_observed') THEN 1018
      WHEN "swedish" = 'interpreter' THEN 410
      WHEN "swedish" = 'basic' THEN 410
      WHEN "swedish" = 'everyday' THEN 254
      WHEN "swedish" = 'fluent' THEN 103
    END AS rarity_6,
    -- health_physical
    CASE
      WHEN "health_physical" IS NULL THEN 4
      WHEN "health_physical" IN ('no_answer', 'not_asked', 'not_observed') THEN 4
      WHEN "health_physical" = 'none' THEN 0
      WHEN "health_physical" = 'some' THEN 3
      WHEN "health_physical" = 'severe' THEN 7
    END AS points_7,
    CASE
      WHEN "health_physical" IS NULL THEN 1018
      WHEN "health_physical" IN ('no_answer', 'not_asked', 'not_observed') THEN 1018
      WHEN "health_physical" = 'none' THEN 66
      WHEN "health_physical" = 'some' THEN 254
      WHEN "health_physical" = 'severe' THEN 254
    END AS rarity_7,
    -- health_mental
    CASE
      WHEN "health_mental" IS NULL THEN 2
      WHEN "health_mental" IN ('no_answer', 'not_asked', 'not_observed') THEN 2
      WHEN "health_mental" = 'none' THEN 0
      WHEN "health_mental" = 'some' THEN 2
      WHEN "health_mental" = 'severe' THEN 8
    END AS points_8,
    CASE
      WHEN "health_mental" IS NULL THEN 1018
      WHEN "health_mental" IN ('no_answer', 'not_asked', 'not_observed') THEN 1018
      WHEN "health_mental" = 'none' THEN 66
      WHEN "health_mental" = 'some' THEN 254
      WHEN "health_mental" = 'severe' THEN 254
    END AS rarity_8,
    -- housing
    CASE
      WHEN "housing" IS NULL THEN 7
      WHEN "housing" IN ('no_answer', 'not_asked', 'not_observed') THEN 7
      WHEN "housing" = 'own' THEN 0
      WHEN "housing" = 'second_hand' THEN 4
      WHEN "housing" = 'lodger' THEN 9
      WHEN "housing" = 'homeless' THEN 16
    END AS points_9,
    CASE
      WHEN "housing" IS NULL THEN 1641
      WHEN "housing" IN ('no_answer', 'not_asked', 'not_observed') THEN 1641
      WHEN "housing" = 'own' THEN 103
      WHEN "housing" = 'second_hand' THEN 254
      WHEN "housing" = 'lodger' THEN 410
      WHEN "housing" = 'homeless' THEN 641
    END AS rarity_9,
    -- debts
    CASE
      WHEN "debts" IS NULL THEN 7
      WHEN "debts" IN ('no_answer', 'not_asked', 'not_observed') THEN 7
      WHEN "debts" = 'no' THEN 0
      WHEN "debts" = 'yes' THEN 14
    END AS points_10,
    CASE
      WHEN "debts" IS NULL THEN 1641
      WHEN "debts" IN ('no_answer', 'not_asked', 'not_observed') THEN 1641
      WHEN "debts" = 'no' THEN 66
      WHEN "debts" = 'yes' THEN 160
    END AS rarity_10,
    -- earlier_months
    CASE
      WHEN "earlier_months" IS NULL THEN 0
      WHEN "earlier_months" = 0 THEN 0
      WHEN "earlier_months" = 1 THEN 1
      WHEN "earlier_months" = 2 THEN 1
      WHEN "earlier_months" = 3 THEN 2
      WHEN "earlier_months" = 4 THEN 3
      WHEN "earlier_months" = 5 THEN 3
      WHEN "earlier_months" = 6 THEN 4
      WHEN "earlier_months" = 7 THEN 4
      WHEN "earlier_months" = 8 THEN 5
      WHEN "earlier_months" = 9 THEN 5
      WHEN "earlier_months" = 10 THEN 6
      WHEN "earlier_months" = 11 THEN 6
      WHEN "earlier_months" = 12 THEN 7
      WHEN "earlier_months" = 13 THEN 7
      WHEN "earlier_months" = 14 THEN 7
      WHEN "earlier_months" = 15 THEN 7
      WHEN "earlier_months" = 16 THEN 8
      WHEN "earlier_months" = 17 THEN 8
      WHEN "earlier_months" = 18 THEN 8
      WHEN "earlier_months" = 19 THEN 8
      WHEN "earlier_months" = 20 THEN 8
      WHEN "earlier_months" = 21 THEN 8
      WHEN "earlier_months" = 22 THEN 8
      WHEN "earlier_months" = 23 THEN 8
      WHEN "earlier_months" = 24 THEN 8
    END AS points_11,
    CASE
      WHEN "earlier_months" IS NULL THEN 0
      WHEN "earlier_months" = 0 THEN 6
      WHEN "earlier_months" = 1 THEN 26
      WHEN "earlier_months" = 2 THEN 103
      WHEN "earlier_months" = 3 THEN 254
      WHEN "earlier_months" = 4 THEN 410
      WHEN "earlier_months" = 5 THEN 641
      WHEN "earlier_months" = 6 THEN 1018
      WHEN "earlier_months" = 7 THEN 1641
      WHEN "earlier_months" = 8 THEN 1641
      WHEN "earlier_months" = 9 THEN 1641
      WHEN "earlier_months" = 10 THEN 1641
      WHEN "earlier_months" = 11 THEN 1641
      WHEN "earlier_months" = 12 THEN 1641
      WHEN "earlier_months" = 13 THEN 1641
      WHEN "earlier_months" = 14 THEN 1641
      WHEN "earlier_months" = 15 THEN 1641
      WHEN "earlier_months" = 16 THEN 1641
      WHEN "earlier_months" = 17 THEN 1641
      WHEN "earlier_months" = 18 THEN 1641
      WHEN "earlier_months" = 19 THEN 1641
      WHEN "earlier_months" = 20 THEN 2564
      WHEN "earlier_months" = 21 THEN 2564
      WHEN "earlier_months" = 22 THEN 4006
      WHEN "earlier_months" = 23 THEN 4006
      WHEN "earlier_months" = 24 THEN 6564
    END AS rarity_11
  FROM answers
),
numbers_by_case AS (
  SELECT
    case_id,
    points_1 + points_2 + points_3 + points_4 + points_5 + points_6 + points_7 + points_8 + points_9 + points_10 + points_11 AS points,
    2564 + rarity_1 + rarity_2 + rarity_3 + rarity_4 + rarity_5 + rarity_6 + rarity_7 + rarity_8 + rarity_9 + rarity_10 + rarity_11 > 10000 AS unusual
  FROM numbers_by_item
),
risk_by_points (points, risk) AS (
  VALUES
    (0, CAST('0.02819528797' AS DOUBLE PRECISION)),
    (1, CAST('0.03015793161' AS DOUBLE PRECISION)),
    (2, CAST('0.03225265864' AS DOUBLE PRECISION)),
    (3, CAST('0.03448770855' AS DOUBLE PRECISION)),
    (4, CAST('0.0368717421' AS DOUBLE PRECISION)),
    (5, CAST('0.03941384939' AS DOUBLE PRECISION)),
    (6, CAST('0.04212355584' AS DOUBLE PRECISION)),
    (7, CAST('0.04501082566' AS DOUBLE PRECISION)),
    (8, CAST('0.04808606246' AS DOUBLE PRECISION)),
    (9, CAST('0.05136010637' AS DOUBLE PRECISION)),
    (10, CAST('0.05484422716' AS DOUBLE PRECISION)),
    (11, CAST('0.05855011292' AS DOUBLE PRECISION)),
    (12, CAST('0.06248985338' AS DOUBLE PRECISION)),
    (13, CAST('0.06667591749' AS DOUBLE PRECISION)),
    (14, CAST('0.07112112445' AS DOUBLE PRECISION)),
    (15, CAST('0.07583860734' AS DOUBLE PRECISION)),
    (16, CAST('0.08084176891' AS DOUBLE PRECISION)),
    (17, CAST('0.08614422847' AS DOUBLE PRECISION)),
    (18, CAST('0.09175975941' AS DOUBLE PRECISION)),
    (19, CAST('0.0977022165' AS DOUBLE PRECISION)),
    (20, CAST('0.1039854526' AS DOUBLE PRECISION)),
    (21, CAST('0.1106232236' AS DOUBLE PRECISION)),
    (22, CAST('0.1176290826' AS DOUBLE PRECISION)),
    (23, CAST('0.1250162611' AS DOUBLE PRECISION)),
    (24, CAST('0.1327975386' AS DOUBLE PRECISION)),
    (25, CAST('0.140985101' AS DOUBLE PRECISION)),
    (26, CAST('0.1495903864' AS DOUBLE PRECISION)),
    (27, CAST('0.1586239216' AS DOUBLE PRECISION)),
    (28, CAST('0.1680951484' AS DOUBLE PRECISION)),
    (29, CAST('0.1780122424' AS DOUBLE PRECISION)),
    (30, CAST('0.1883819253' AS DOUBLE PRECISION)),
    (31, CAST('0.1992092751' AS DOUBLE PRECISION)),
    (32, CAST('0.2104975335' AS DOUBLE PRECISION)),
    (33, CAST('0.2222479184' AS DOUBLE PRECISION)),
    (34, CAST('0.2344594406' AS DOUBLE PRECISION)),
    (35, CAST('0.2471287326' AS DOUBLE PRECISION)),
    (36, CAST('0.260249891' AS DOUBLE PRECISION)),
    (37, CAST('0.273814339' AS DOUBLE PRECISION)),
    (38, CAST('0.2878107125' AS DOUBLE PRECISION)),
    (39, CAST('0.3022247749' AS DOUBLE PRECISION)),
    (40, CAST('0.3170393648' AS DOUBLE PRECISION)),
    (41, CAST('0.3322343801' AS DOUBLE PRECISION)),
    (42, CAST('0.3477868028' AS DOUBLE PRECISION)),
    (43, CAST('0.363670766' AS DOUBLE PRECISION)),
    (44, CAST('0.3798576655' AS DOUBLE PRECISION)),
    (45, CAST('0.3963163163' AS DOUBLE PRECISION)),
    (46, CAST('0.4130131538' AS DOUBLE PRECISION)),
    (47, CAST('0.4299124772' AS DOUBLE PRECISION)),
    (48, CAST('0.446976733' AS DOUBLE PRECISION)),
    (49, CAST('0.4641668331' AS DOUBLE PRECISION)),
    (50, CAST('0.4814425039' AS DOUBLE PRECISION)),
    (51, CAST('0.4987626578' AS DOUBLE PRECISION)),
    (52, CAST('0.5160857817' AS DOUBLE PRECISION)),
    (53, CAST('0.5333703341' AS DOUBLE PRECISION)),
    (54, CAST('0.5505751427' AS DOUBLE PRECISION)),
    (55, CAST('0.5676597941' AS DOUBLE PRECISION)),
    (56, CAST('0.5845850093' AS DOUBLE PRECISION)),
    (57, CAST('0.6013129951' AS DOUBLE PRECISION)),
    (58, CAST('0.6178077681' AS DOUBLE PRECISION)),
    (59, CAST('0.6340354427' AS DOUBLE PRECISION)),
    (60, CAST('0.6499644808' AS DOUBLE PRECISION)),
    (61, CAST('0.6655658989' AS DOUBLE PRECISION)),
    (62, CAST('0.6808134314' AS DOUBLE PRECISION)),
    (63, CAST('0.6956836483' AS DOUBLE PRECISION)),
    (64, CAST('0.7101560286' AS DOUBLE PRECISION)),
    (65, CAST('0.7242129909' AS DOUBLE PRECISION)),
    (66, CAST('0.7378398834' AS DOUBLE PRECISION)),
    (67, CAST('0.7510249364' AS DOUBLE PRECISION)),
    (68, CAST('0.7637591812' AS DOUBLE PRECISION)),
    (69, CAST('0.7760363406' AS DOUBLE PRECISION)),
    (70, CAST('0.7878526942' AS DOUBLE PRECISION)),
    (71, CAST('0.7992069234' AS DOUBLE PRECISION)),
    (72, CAST('0.8100999417' AS DOUBLE PRECISION)),
    (73, CAST('0.8205347135' AS DOUBLE PRECISION)),
    (74, CAST('0.830516066' AS DOUBLE PRECISION)),
    (75, CAST('0.8400504981' AS DOUBLE PRECISION)),
    (76, CAST('0.8491459892' AS DOUBLE PRECISION)),
    (77, CAST('0.8578118116' AS DOUBLE PRECISION)),
    (78, CAST('0.8660583478' AS DOUBLE PRECISION)),
    (79, CAST('0.8738969163' AS DOUBLE PRECISION)),
    (80, CAST('0.8813396056' AS DOUBLE PRECISION)),
    (81, CAST('0.8883991197' AS DOUBLE PRECISION)),
    (82, CAST('0.8950886336' AS DOUBLE PRECISION)),
    (83, CAST('0.9014216619' AS DOUBLE PRECISION)),
    (84, CAST('0.9074119386' AS DOUBLE PRECISION)),
    (85, CAST('0.9130733086' AS DOUBLE PRECISION)),
    (86, CAST('0.9184196317' AS DOUBLE PRECISION)),
    (87, CAST('0.9234646978' AS DOUBLE PRECISION)),
    (88, CAST('0.9282221521' AS DOUBLE PRECISION)),
    (89, CAST('0.9327054319' AS DOUBLE PRECISION)),
    (90, CAST('0.9369277115' AS DOUBLE PRECISION)),
    (91, CAST('0.9409018575' AS DOUBLE PRECISION)),
    (92, CAST('0.9446403907' AS DOUBLE PRECISION)),
    (93, CAST('0.9481554565' AS DOUBLE PRECISION)),
    (94, CAST('0.9514588016' AS DOUBLE PRECISION)),
    (95, CAST('0.9545617562' AS DOUBLE PRECISION)),
    (96, CAST('0.9574752224' AS DOUBLE PRECISION)),
    (97, CAST('0.9602096663' AS DOUBLE PRECISION)),
    (98, CAST('0.962775115' AS DOUBLE PRECISION)),
    (99, CAST('0.9651811564' AS DOUBLE PRECISION)),
    (100, CAST('0.9674369425' AS DOUBLE PRECISION)),
    (101, CAST('0.9695511948' AS DOUBLE PRECISION)),
    (102, CAST('0.9715322125' AS DOUBLE PRECISION)),
    (103, CAST('0.9733878817' AS DOUBLE PRECISION)),
    (104, CAST('0.9751256863' AS DOUBLE PRECISION)),
    (105, CAST('0.9767527203' AS DOUBLE PRECISION)),
    (106, CAST('0.9782757007' AS DOUBLE PRECISION)),
    (107, CAST('0.9797009808' AS DOUBLE PRECISION)),
    (108, CAST('0.9810345644' AS DOUBLE PRECISION)),
    (109, CAST('0.9822821202' AS DOUBLE PRECISION)),
    (110, CAST('0.9834489956' AS DOUBLE PRECISION))
)
SELECT
  numbers_by_case.case_id,
  numbers_by_case.points,
  CASE WHEN numbers_by_case.unusual THEN NULL ELSE risk_by_points.risk END AS risk,
  numbers_by_case.unusual
FROM numbers_by_case
LEFT JOIN risk_by_points ON risk_by_points.points = numbers_by_case.points
ORDER BY numbers_by_case.case_id;
