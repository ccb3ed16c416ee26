-- riskmodel 2027.1: Exempelstad, month 5
-- Waiver of G10 until 2028-06-30, granted by Bo Ek, enhetschef: Exempelstad är påhittad: här finns ingen jurist som kan svara.
-- Waiver of G12 until 2028-06-30, granted by Bo Ek, enhetschef: Exempelstad är påhittad: ingen handläggare använder råden.
-- Points and risk per case, by the arithmetic of release.json. For evaluation only: no flags, no ranking.
-- Input: a table answers with the columns case_id, "self_rating" text, "age" integer, "education" text, "work_experience" text, "situation" text, "swedish" text, "health_physical" text, "health_mental" text, "housing" text, "debts" text, "earlier_months" integer, "receipts_so_far" integer, "work_ability" text.
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
      WHEN "self_rating" IS NULL THEN 2
      WHEN "self_rating" IN ('no_answer', 'not_asked', 'not_observed') THEN 2
      WHEN "self_rating" = 'ready' THEN 0
      WHEN "self_rating" = 'some_help' THEN 1
      WHEN "self_rating" = 'much_help' THEN 4
      WHEN "self_rating" = 'not_now' THEN 7
    END AS points_1,
    CASE
      WHEN "self_rating" IS NULL THEN 1185
      WHEN "self_rating" IN ('no_answer', 'not_asked', 'not_observed') THEN 1185
      WHEN "self_rating" = 'ready' THEN 296
      WHEN "self_rating" = 'some_help' THEN 74
      WHEN "self_rating" = 'much_help' THEN 184
      WHEN "self_rating" = 'not_now' THEN 296
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
      WHEN "age" = 31 THEN 0
      WHEN "age" = 32 THEN 0
      WHEN "age" = 33 THEN 0
      WHEN "age" = 34 THEN 0
      WHEN "age" = 35 THEN 0
      WHEN "age" = 36 THEN 0
      WHEN "age" = 37 THEN 0
      WHEN "age" = 38 THEN 0
      WHEN "age" = 39 THEN 0
      WHEN "age" = 40 THEN 0
      WHEN "age" = 41 THEN 0
      WHEN "age" = 42 THEN 0
      WHEN "age" = 43 THEN 0
      WHEN "age" = 44 THEN 1
      WHEN "age" = 45 THEN 1
      WHEN "age" = 46 THEN 1
      WHEN "age" = 47 THEN 1
      WHEN "age" = 48 THEN 1
      WHEN "age" = 49 THEN 1
      WHEN "age" = 50 THEN 2
      WHEN "age" = 51 THEN 2
      WHEN "age" = 52 THEN 2
      WHEN "age" = 53 THEN 2
      WHEN "age" = 54 THEN 3
      WHEN "age" = 55 THEN 3
      WHEN "age" = 56 THEN 3
      WHEN "age" = 57 THEN 3
      WHEN "age" = 58 THEN 4
      WHEN "age" = 59 THEN 4
      WHEN "age" = 60 THEN 4
      WHEN "age" = 61 THEN 4
      WHEN "age" = 62 THEN 5
      WHEN "age" = 63 THEN 5
      WHEN "age" = 64 THEN 5
    END AS points_2,
    CASE
      WHEN "age" IS NULL THEN 1185
      WHEN "age" = 18 THEN 296
      WHEN "age" = 19 THEN 184
      WHEN "age" = 20 THEN 184
      WHEN "age" = 21 THEN 116
      WHEN "age" = 22 THEN 116
      WHEN "age" = 23 THEN 116
      WHEN "age" = 24 THEN 74
      WHEN "age" = 25 THEN 74
      WHEN "age" = 26 THEN 47
      WHEN "age" = 27 THEN 47
      WHEN "age" = 28 THEN 47
      WHEN "age" = 29 THEN 47
      WHEN "age" = 30 THEN 29
      WHEN "age" = 31 THEN 47
      WHEN "age" = 32 THEN 47
      WHEN "age" = 33 THEN 47
      WHEN "age" = 34 THEN 47
      WHEN "age" = 35 THEN 47
      WHEN "age" = 36 THEN 74
      WHEN "age" = 37 THEN 74
      WHEN "age" = 38 THEN 74
      WHEN "age" = 39 THEN 74
      WHEN "age" = 40 THEN 116
      WHEN "age" = 41 THEN 116
      WHEN "age" = 42 THEN 116
      WHEN "age" = 43 THEN 116
      WHEN "age" = 44 THEN 116
      WHEN "age" = 45 THEN 116
      WHEN "age" = 46 THEN 74
      WHEN "age" = 47 THEN 74
      WHEN "age" = 48 THEN 74
      WHEN "age" = 49 THEN 74
      WHEN "age" = 50 THEN 74
      WHEN "age" = 51 THEN 74
      WHEN "age" = 52 THEN 74
      WHEN "age" = 53 THEN 116
      WHEN "age" = 54 THEN 116
      WHEN "age" = 55 THEN 116
      WHEN "age" = 56 THEN 184
      WHEN "age" = 57 THEN 184
      WHEN "age" = 58 THEN 296
      WHEN "age" = 59 THEN 296
      WHEN "age" = 60 THEN 296
      WHEN "age" = 61 THEN 463
      WHEN "age" = 62 THEN 463
      WHEN "age" = 63 THEN 735
      WHEN "age" = 64 THEN 735
    END AS rarity_2,
    -- education
    CASE
      WHEN "education" IS NULL THEN 2
      WHEN "education" IN ('no_answer', 'not_asked', 'not_observed') THEN 2
      WHEN "education" = 'none' THEN 5
      WHEN "education" = 'compulsory' THEN 3
      WHEN "education" = 'upper_secondary' THEN 1
      WHEN "education" = 'post_secondary' THEN 0
    END AS points_3,
    CASE
      WHEN "education" IS NULL THEN 1185
      WHEN "education" IN ('no_answer', 'not_asked', 'not_observed') THEN 1185
      WHEN "education" = 'none' THEN 463
      WHEN "education" = 'compulsory' THEN 184
      WHEN "education" = 'upper_secondary' THEN 74
      WHEN "education" = 'post_secondary' THEN 184
    END AS rarity_3,
    -- work_experience
    CASE
      WHEN "work_experience" IS NULL THEN 4
      WHEN "work_experience" IN ('no_answer', 'not_asked', 'not_observed') THEN 4
      WHEN "work_experience" = 'none' THEN 9
      WHEN "work_experience" = 'up_to_6_months' THEN 4
      WHEN "work_experience" = 'up_to_24_months' THEN 3
      WHEN "work_experience" = 'over_24_months' THEN 0
    END AS points_4,
    CASE
      WHEN "work_experience" IS NULL THEN 1185
      WHEN "work_experience" IN ('no_answer', 'not_asked', 'not_observed') THEN 1185
      WHEN "work_experience" = 'none' THEN 184
      WHEN "work_experience" = 'up_to_6_months' THEN 184
      WHEN "work_experience" = 'up_to_24_months' THEN 116
      WHEN "work_experience" = 'over_24_months' THEN 296
    END AS rarity_4,
    -- situation
    CASE
      WHEN "situation" IS NULL THEN 1
      WHEN "situation" IN ('no_answer', 'not_asked', 'not_observed') THEN 1
      WHEN "situation" = 'waiting_income' THEN 1
      WHEN "situation" = 'part_time' THEN 0
      WHEN "situation" = 'other' THEN 1
      WHEN "situation" = 'unemployed' THEN 2
      WHEN "situation" = 'sick' THEN 3
    END AS points_5,
    CASE
      WHEN "situation" IS NULL THEN 735
      WHEN "situation" IN ('no_answer', 'not_asked', 'not_observed') THEN 735
      WHEN "situation" = 'waiting_income' THEN 463
      WHEN "situation" = 'part_time' THEN 463
      WHEN "situation" = 'other' THEN 463
      WHEN "situation" = 'unemployed' THEN 74
      WHEN "situation" = 'sick' THEN 184
    END AS rarity_5,
    -- swedish
    CASE
      WHEN "swedish" IS NULL THEN 1
      WHEN "swedish" IN ('no_answer', 'not_asked', 'not_observed') THEN 1
      WHEN "swedish" = 'interpreter' THEN 5
      WHEN "swedish" = 'basic' THEN 3
      WHEN "swedish" = 'everyday' THEN 0
      WHEN "swedish" = 'fluent' THEN 0
    END AS points_6,
    CASE
      WHEN "swedish" IS NULL THEN 735
      WHEN "swedish" IN ('no_answer', 'not_asked', 'not_observed') THEN 735
      WHEN "swedish" = 'interpreter' THEN 296
      WHEN "swedish" = 'basic' THEN 296
      WHEN "swedish" = 'everyday' THEN 184
      WHEN "swedish" = 'fluent' THEN 74
    END AS rarity_6,
    -- health_physical
    CASE
      WHEN "health_physical" IS NULL THEN 2
      WHEN "health_physical" IN ('no_answer', 'not_asked', 'not_observed') THEN 2
      WHEN "health_physical" = 'none' THEN 0
      WHEN "health_physical" = 'some' THEN 2
      WHEN "health_physical" = 'severe' THEN 4
    END AS points_7,
    CASE
      WHEN "health_physical" IS NULL THEN 735
      WHEN "health_physical" IN ('no_answer', 'not_asked', 'not_observed') THEN 735
      WHEN "health_physical" = 'none' THEN 74
      WHEN "health_physical" = 'some' THEN 184
      WHEN "health_physical" = 'severe' THEN 184
    END AS rarity_7,
    -- health_mental
    CASE
      WHEN "health_mental" IS NULL THEN 0
      WHEN "health_mental" IN ('no_answer', 'not_asked', 'not_observed') THEN 0
      WHEN "health_mental" = 'none' THEN 0
      WHEN "health_mental" = 'some' THEN 1
      WHEN "health_mental" = 'severe' THEN 5
    END AS points_8,
    CASE
      WHEN "health_mental" IS NULL THEN 735
      WHEN "health_mental" IN ('no_answer', 'not_asked', 'not_observed') THEN 735
      WHEN "health_mental" = 'none' THEN 74
      WHEN "health_mental" = 'some' THEN 184
      WHEN "health_mental" = 'severe' THEN 184
    END AS rarity_8,
    -- housing
    CASE
      WHEN "housing" IS NULL THEN 6
      WHEN "housing" IN ('no_answer', 'not_asked', 'not_observed') THEN 6
      WHEN "housing" = 'own' THEN 0
      WHEN "housing" = 'second_hand' THEN 2
      WHEN "housing" = 'lodger' THEN 5
      WHEN "housing" = 'homeless' THEN 10
    END AS points_9,
    CASE
      WHEN "housing" IS NULL THEN 1185
      WHEN "housing" IN ('no_answer', 'not_asked', 'not_observed') THEN 1185
      WHEN "housing" = 'own' THEN 116
      WHEN "housing" = 'second_hand' THEN 296
      WHEN "housing" = 'lodger' THEN 296
      WHEN "housing" = 'homeless' THEN 463
    END AS rarity_9,
    -- debts
    CASE
      WHEN "debts" IS NULL THEN 5
      WHEN "debts" IN ('no_answer', 'not_asked', 'not_observed') THEN 5
      WHEN "debts" = 'no' THEN 0
      WHEN "debts" = 'yes' THEN 8
    END AS points_10,
    CASE
      WHEN "debts" IS NULL THEN 1185
      WHEN "debts" IN ('no_answer', 'not_asked', 'not_observed') THEN 1185
      WHEN "debts" = 'no' THEN 74
      WHEN "debts" = 'yes' THEN 74
    END AS rarity_10,
    -- earlier_months
    CASE
      WHEN "earlier_months" IS NULL THEN 0
      WHEN "earlier_months" = 0 THEN 0
      WHEN "earlier_months" = 1 THEN 0
      WHEN "earlier_months" = 2 THEN 1
      WHEN "earlier_months" = 3 THEN 1
      WHEN "earlier_months" = 4 THEN 2
      WHEN "earlier_months" = 5 THEN 2
      WHEN "earlier_months" = 6 THEN 2
      WHEN "earlier_months" = 7 THEN 3
      WHEN "earlier_months" = 8 THEN 3
      WHEN "earlier_months" = 9 THEN 4
      WHEN "earlier_months" = 10 THEN 4
      WHEN "earlier_months" = 11 THEN 4
      WHEN "earlier_months" = 12 THEN 4
      WHEN "earlier_months" = 13 THEN 4
      WHEN "earlier_months" = 14 THEN 5
      WHEN "earlier_months" = 15 THEN 5
      WHEN "earlier_months" = 16 THEN 5
      WHEN "earlier_months" = 17 THEN 5
      WHEN "earlier_months" = 18 THEN 5
      WHEN "earlier_months" = 19 THEN 4
      WHEN "earlier_months" = 20 THEN 4
      WHEN "earlier_months" = 21 THEN 4
      WHEN "earlier_months" = 22 THEN 4
      WHEN "earlier_months" = 23 THEN 4
      WHEN "earlier_months" = 24 THEN 4
    END AS points_11,
    CASE
      WHEN "earlier_months" IS NULL THEN 0
      WHEN "earlier_months" = 0 THEN 7
      WHEN "earlier_months" = 1 THEN 19
      WHEN "earlier_months" = 2 THEN 74
      WHEN "earlier_months" = 3 THEN 184
      WHEN "earlier_months" = 4 THEN 296
      WHEN "earlier_months" = 5 THEN 463
      WHEN "earlier_months" = 6 THEN 735
      WHEN "earlier_months" = 7 THEN 1185
      WHEN "earlier_months" = 8 THEN 1185
      WHEN "earlier_months" = 9 THEN 1185
      WHEN "earlier_months" = 10 THEN 1185
      WHEN "earlier_months" = 11 THEN 1852
      WHEN "earlier_months" = 12 THEN 1852
      WHEN "earlier_months" = 13 THEN 1852
      WHEN "earlier_months" = 14 THEN 1185
      WHEN "earlier_months" = 15 THEN 1185
      WHEN "earlier_months" = 16 THEN 1185
      WHEN "earlier_months" = 17 THEN 1185
      WHEN "earlier_months" = 18 THEN 1185
      WHEN "earlier_months" = 19 THEN 1185
      WHEN "earlier_months" = 20 THEN 1852
      WHEN "earlier_months" = 21 THEN 2894
      WHEN "earlier_months" = 22 THEN 2894
      WHEN "earlier_months" = 23 THEN 4741
      WHEN "earlier_months" = 24 THEN 4741
    END AS rarity_11,
    -- receipts_so_far
    CASE
      WHEN "receipts_so_far" = 4 THEN 0
      WHEN "receipts_so_far" = 5 THEN 15
    END AS points_12,
    CASE
      WHEN "receipts_so_far" = 4 THEN 735
      WHEN "receipts_so_far" = 5 THEN 12
    END AS rarity_12,
    -- work_ability
    CASE
      WHEN "work_ability" IS NULL THEN 1
      WHEN "work_ability" IN ('no_answer', 'not_asked', 'not_observed') THEN 1
      WHEN "work_ability" = 'none' THEN 0
      WHEN "work_ability" = 'quarter' THEN 1
      WHEN "work_ability" = 'half' THEN 0
      WHEN "work_ability" = 'full' THEN 0
    END AS points_13,
    CASE
      WHEN "work_ability" IS NULL THEN 735
      WHEN "work_ability" IN ('no_answer', 'not_asked', 'not_observed') THEN 735
      WHEN "work_ability" = 'none' THEN 296
      WHEN "work_ability" = 'quarter' THEN 184
      WHEN "work_ability" = 'half' THEN 116
      WHEN "work_ability" = 'full' THEN 296
    END AS rarity_13
  FROM answers
),
numbers_by_case AS (
  SELECT
    case_id,
    points_1 + points_2 + points_3 + points_4 + points_5 + points_6 + points_7 + points_8 + points_9 + points_10 + points_11 + points_12 + points_13 AS points,
    2894 + rarity_1 + rarity_2 + rarity_3 + rarity_4 + rarity_5 + rarity_6 + rarity_7 + rarity_8 + rarity_9 + rarity_10 + rarity_11 + rarity_12 + rarity_13 > 10000 AS unusual
  FROM numbers_by_item
),
risk_by_points (points, risk) AS (
  VALUES
    (0, CAST('0.06786229358' AS DOUBLE PRECISION)),
    (1, CAST('0.072380461' AS DOUBLE PRECISION)),
    (2, CAST('0.07717453588' AS DOUBLE PRECISION)),
    (3, CAST('0.08225798567' AS DOUBLE PRECISION)),
    (4, CAST('0.08764447834' AS DOUBLE PRECISION)),
    (5, CAST('0.09334781713' AS DOUBLE PRECISION)),
    (6, CAST('0.09938186502' AS DOUBLE PRECISION)),
    (7, CAST('0.1057604583' AS DOUBLE PRECISION)),
    (8, CAST('0.1124973087' AS DOUBLE PRECISION)),
    (9, CAST('0.1196058936' AS DOUBLE PRECISION)),
    (10, CAST('0.1270993348' AS DOUBLE PRECISION)),
    (11, CAST('0.1349902644' AS DOUBLE PRECISION)),
    (12, CAST('0.14329068' AS DOUBLE PRECISION)),
    (13, CAST('0.1520117879' AS DOUBLE PRECISION)),
    (14, CAST('0.1611638363' AS DOUBLE PRECISION)),
    (15, CAST('0.17075594' AS DOUBLE PRECISION)),
    (16, CAST('0.1807958967' AS DOUBLE PRECISION)),
    (17, CAST('0.1912899987' AS DOUBLE PRECISION)),
    (18, CAST('0.2022428419' AS DOUBLE PRECISION)),
    (19, CAST('0.2136571347' AS DOUBLE PRECISION)),
    (20, CAST('0.2255335104' AS DOUBLE PRECISION)),
    (21, CAST('0.2378703477' AS DOUBLE PRECISION)),
    (22, CAST('0.2506636021' AS DOUBLE PRECISION)),
    (23, CAST('0.2639066535' AS DOUBLE PRECISION)),
    (24, CAST('0.2775901751' AS DOUBLE PRECISION)),
    (25, CAST('0.2917020263' AS DOUBLE PRECISION)),
    (26, CAST('0.3062271764' AS DOUBLE PRECISION)),
    (27, CAST('0.3211476616' AS DOUBLE PRECISION)),
    (28, CAST('0.3364425803' AS DOUBLE PRECISION)),
    (29, CAST('0.3520881287' AS DOUBLE PRECISION)),
    (30, CAST('0.3680576802' AS DOUBLE PRECISION)),
    (31, CAST('0.3843219093' AS DOUBLE PRECISION)),
    (32, CAST('0.40084896' AS DOUBLE PRECISION)),
    (33, CAST('0.417604659' AS DOUBLE PRECISION)),
    (34, CAST('0.4345527706' AS DOUBLE PRECISION)),
    (35, CAST('0.4516552895' AS DOUBLE PRECISION)),
    (36, CAST('0.4688727687' AS DOUBLE PRECISION)),
    (37, CAST('0.4861646748' AS DOUBLE PRECISION)),
    (38, CAST('0.5034897649' AS DOUBLE PRECISION)),
    (39, CAST('0.5208064788' AS DOUBLE PRECISION)),
    (40, CAST('0.5380733365' AS DOUBLE PRECISION)),
    (41, CAST('0.5552493343' AS DOUBLE PRECISION)),
    (42, CAST('0.5722943321' AS DOUBLE PRECISION)),
    (43, CAST('0.5891694223' AS DOUBLE PRECISION)),
    (44, CAST('0.6058372749' AS DOUBLE PRECISION)),
    (45, CAST('0.6222624514' AS DOUBLE PRECISION)),
    (46, CAST('0.6384116837' AS DOUBLE PRECISION)),
    (47, CAST('0.654254112' AS DOUBLE PRECISION)),
    (48, CAST('0.6697614798' AS DOUBLE PRECISION)),
    (49, CAST('0.6849082853' AS DOUBLE PRECISION)),
    (50, CAST('0.6996718865' AS DOUBLE PRECISION)),
    (51, CAST('0.7140325632' AS DOUBLE PRECISION)),
    (52, CAST('0.7279735358' AS DOUBLE PRECISION)),
    (53, CAST('0.7414809448' AS DOUBLE PRECISION)),
    (54, CAST('0.7545437939' AS DOUBLE PRECISION)),
    (55, CAST('0.7671538608' AS DOUBLE PRECISION)),
    (56, CAST('0.77930558' AS DOUBLE PRECISION)),
    (57, CAST('0.7909959023' AS DOUBLE PRECISION)),
    (58, CAST('0.8022241355' AS DOUBLE PRECISION)),
    (59, CAST('0.8129917709' AS DOUBLE PRECISION)),
    (60, CAST('0.8233022998' AS DOUBLE PRECISION)),
    (61, CAST('0.8331610245' AS DOUBLE PRECISION)),
    (62, CAST('0.8425748667' AS DOUBLE PRECISION)),
    (63, CAST('0.8515521769' AS DOUBLE PRECISION)),
    (64, CAST('0.860102548' AS DOUBLE PRECISION)),
    (65, CAST('0.868236635' AS DOUBLE PRECISION)),
    (66, CAST('0.8759659822' AS DOUBLE PRECISION)),
    (67, CAST('0.883302861' AS DOUBLE PRECISION)),
    (68, CAST('0.8902601177' AS DOUBLE PRECISION)),
    (69, CAST('0.8968510326' AS DOUBLE PRECISION)),
    (70, CAST('0.9030891914' AS DOUBLE PRECISION)),
    (71, CAST('0.9089883686' AS DOUBLE PRECISION)),
    (72, CAST('0.9145624223' AS DOUBLE PRECISION)),
    (73, CAST('0.9198252013' AS DOUBLE PRECISION)),
    (74, CAST('0.9247904627' AS DOUBLE PRECISION)),
    (75, CAST('0.9294718011' AS DOUBLE PRECISION)),
    (76, CAST('0.9338825869' AS DOUBLE PRECISION)),
    (77, CAST('0.9380359148' AS DOUBLE PRECISION)),
    (78, CAST('0.9419445603' AS DOUBLE PRECISION)),
    (79, CAST('0.9456209446' AS DOUBLE PRECISION)),
    (80, CAST('0.9490771063' AS DOUBLE PRECISION)),
    (81, CAST('0.95232468' AS DOUBLE PRECISION)),
    (82, CAST('0.9553748801' AS DOUBLE PRECISION))
)
SELECT
  numbers_by_case.case_id,
  numbers_by_case.points,
  CASE WHEN numbers_by_case.unusual THEN NULL ELSE risk_by_points.risk END AS risk,
  numbers_by_case.unusual
FROM numbers_by_case
LEFT JOIN risk_by_points ON risk_by_points.points = numbers_by_case.points
ORDER BY numbers_by_case.case_id;
