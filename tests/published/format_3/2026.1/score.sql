-- riskmodel 2026.1: Påhittad, month 0
-- Waiver of G10 until 2029-12-31, granted by Bo Berg, manager: made for tests
-- Waiver of G12 until 2029-12-31, granted by Bo Berg, manager: made for tests
-- Points and risk per case, by the arithmetic of release.json. For evaluation only: no flags, no ranking.
-- Input: a table answers with the columns case_id, "housing" text, "schooling" text, "support" text, "age" integer.
-- Levels are given as codes, in no other spelling; numbers as they are asked for, not as years of birth, and
-- whole where the column is integer. NULL is no answer, and so is a number that stands for none.
-- What the release does not know, an answer with a rule of its own, a number outside its range and an age
-- outside 18-64 give NULL, never a guess.
-- Hardly anybody like an unusual case was ever seen: its risk would be uncertain, and is NULL. Rarity says how rare
-- each answer is; beyond a sum of 10000 a case is unusual.
WITH numbers_by_item AS (
  SELECT
    case_id,
    -- housing
    CASE
      WHEN "housing" IS NULL THEN 16
      WHEN "housing" IN ('no_answer', 'not_asked', 'not_observed') THEN 16
      WHEN "housing" = 'own' THEN 0
      WHEN "housing" = 'rented' THEN 13
      WHEN "housing" = 'none' THEN 21
    END AS points_1,
    CASE
      WHEN "housing" IS NULL THEN 2353
      WHEN "housing" IN ('no_answer', 'not_asked', 'not_observed') THEN 2353
      WHEN "housing" = 'own' THEN 376
      WHEN "housing" = 'rented' THEN 233
      WHEN "housing" = 'none' THEN 233
    END AS rarity_1,
    -- schooling+support
    CASE
      WHEN "schooling" IS NULL AND "support" IS NULL THEN 19
      WHEN "schooling" IS NULL AND "support" IN ('no_answer', 'not_asked', 'not_observed') THEN 19
      WHEN "schooling" IS NULL AND "support" = 'no' THEN 29
      WHEN "schooling" IS NULL AND "support" = 'yes' THEN 10
      WHEN "schooling" IN ('no_answer', 'not_asked', 'not_observed') AND "support" IS NULL THEN 19
      WHEN "schooling" IN ('no_answer', 'not_asked', 'not_observed') AND "support" IN ('no_answer', 'not_asked', 'not_observed') THEN 19
      WHEN "schooling" IN ('no_answer', 'not_asked', 'not_observed') AND "support" = 'no' THEN 29
      WHEN "schooling" IN ('no_answer', 'not_asked', 'not_observed') AND "support" = 'yes' THEN 10
      WHEN "schooling" = 'primary' AND "support" IS NULL THEN 39
      WHEN "schooling" = 'primary' AND "support" IN ('no_answer', 'not_asked', 'not_observed') THEN 39
      WHEN "schooling" = 'primary' AND "support" = 'no' THEN 46
      WHEN "schooling" = 'primary' AND "support" = 'yes' THEN 29
      WHEN "schooling" = 'secondary' AND "support" IS NULL THEN 26
      WHEN "schooling" = 'secondary' AND "support" IN ('no_answer', 'not_asked', 'not_observed') THEN 26
      WHEN "schooling" = 'secondary' AND "support" = 'no' THEN 33
      WHEN "schooling" = 'secondary' AND "support" = 'yes' THEN 13
      WHEN "schooling" = 'tertiary' AND "support" IS NULL THEN 11
      WHEN "schooling" = 'tertiary' AND "support" IN ('no_answer', 'not_asked', 'not_observed') THEN 11
      WHEN "schooling" = 'tertiary' AND "support" = 'no' THEN 20
      WHEN "schooling" = 'tertiary' AND "support" = 'yes' THEN 0
    END AS points_2,
    CASE
      WHEN "schooling" IS NULL AND "support" IS NULL THEN 9412
      WHEN "schooling" IS NULL AND "support" IN ('no_answer', 'not_asked', 'not_observed') THEN 9412
      WHEN "schooling" IS NULL AND "support" = 'no' THEN 3676
      WHEN "schooling" IS NULL AND "support" = 'yes' THEN 3676
      WHEN "schooling" IN ('no_answer', 'not_asked', 'not_observed') AND "support" IS NULL THEN 9412
      WHEN "schooling" IN ('no_answer', 'not_asked', 'not_observed') AND "support" IN ('no_answer', 'not_asked', 'not_observed') THEN 9412
      WHEN "schooling" IN ('no_answer', 'not_asked', 'not_observed') AND "support" = 'no' THEN 3676
      WHEN "schooling" IN ('no_answer', 'not_asked', 'not_observed') AND "support" = 'yes' THEN 3676
      WHEN "schooling" = 'primary' AND "support" IS NULL THEN 3676
      WHEN "schooling" = 'primary' AND "support" IN ('no_answer', 'not_asked', 'not_observed') THEN 3676
      WHEN "schooling" = 'primary' AND "support" = 'no' THEN 588
      WHEN "schooling" = 'primary' AND "support" = 'yes' THEN 588
      WHEN "schooling" = 'secondary' AND "support" IS NULL THEN 5837
      WHEN "schooling" = 'secondary' AND "support" IN ('no_answer', 'not_asked', 'not_observed') THEN 5837
      WHEN "schooling" = 'secondary' AND "support" = 'no' THEN 588
      WHEN "schooling" = 'secondary' AND "support" = 'yes' THEN 919
      WHEN "schooling" = 'tertiary' AND "support" IS NULL THEN 5837
      WHEN "schooling" = 'tertiary' AND "support" IN ('no_answer', 'not_asked', 'not_observed') THEN 5837
      WHEN "schooling" = 'tertiary' AND "support" = 'no' THEN 919
      WHEN "schooling" = 'tertiary' AND "support" = 'yes' THEN 1506
    END AS rarity_2,
    -- age
    CASE
      WHEN "age" IS NULL THEN 7
      WHEN "age" = 18 THEN 0
      WHEN "age" = 19 THEN 0
      WHEN "age" = 20 THEN 0
      WHEN "age" = 21 THEN 1
      WHEN "age" = 22 THEN 1
      WHEN "age" = 23 THEN 1
      WHEN "age" = 24 THEN 1
      WHEN "age" = 25 THEN 1
      WHEN "age" = 26 THEN 2
      WHEN "age" = 27 THEN 2
      WHEN "age" = 28 THEN 2
      WHEN "age" = 29 THEN 2
      WHEN "age" = 30 THEN 2
      WHEN "age" = 31 THEN 3
      WHEN "age" = 32 THEN 3
      WHEN "age" = 33 THEN 3
      WHEN "age" = 34 THEN 4
      WHEN "age" = 35 THEN 4
      WHEN "age" = 36 THEN 4
      WHEN "age" = 37 THEN 4
      WHEN "age" = 38 THEN 5
      WHEN "age" = 39 THEN 5
      WHEN "age" = 40 THEN 5
      WHEN "age" = 41 THEN 6
      WHEN "age" = 42 THEN 6
      WHEN "age" = 43 THEN 7
      WHEN "age" = 44 THEN 7
      WHEN "age" = 45 THEN 7
      WHEN "age" = 46 THEN 8
      WHEN "age" = 47 THEN 8
      WHEN "age" = 48 THEN 9
      WHEN "age" = 49 THEN 9
      WHEN "age" = 50 THEN 10
      WHEN "age" = 51 THEN 10
      WHEN "age" = 52 THEN 11
      WHEN "age" = 53 THEN 11
      WHEN "age" = 54 THEN 11
      WHEN "age" = 55 THEN 12
      WHEN "age" = 56 THEN 12
      WHEN "age" = 57 THEN 13
      WHEN "age" = 58 THEN 13
      WHEN "age" = 59 THEN 14
      WHEN "age" = 60 THEN 14
      WHEN "age" = 61 THEN 15
      WHEN "age" = 62 THEN 15
      WHEN "age" = 63 THEN 16
      WHEN "age" = 64 THEN 17
    END AS points_3,
    CASE
      WHEN "age" IS NULL THEN 0
      WHEN "age" = 18 THEN 919
      WHEN "age" = 19 THEN 919
      WHEN "age" = 20 THEN 588
      WHEN "age" = 21 THEN 588
      WHEN "age" = 22 THEN 376
      WHEN "age" = 23 THEN 376
      WHEN "age" = 24 THEN 233
      WHEN "age" = 25 THEN 233
      WHEN "age" = 26 THEN 233
      WHEN "age" = 27 THEN 147
      WHEN "age" = 28 THEN 147
      WHEN "age" = 29 THEN 147
      WHEN "age" = 30 THEN 147
      WHEN "age" = 31 THEN 147
      WHEN "age" = 32 THEN 147
      WHEN "age" = 33 THEN 147
      WHEN "age" = 34 THEN 147
      WHEN "age" = 35 THEN 147
      WHEN "age" = 36 THEN 147
      WHEN "age" = 37 THEN 147
      WHEN "age" = 38 THEN 147
      WHEN "age" = 39 THEN 147
      WHEN "age" = 40 THEN 147
      WHEN "age" = 41 THEN 233
      WHEN "age" = 42 THEN 233
      WHEN "age" = 43 THEN 233
      WHEN "age" = 44 THEN 233
      WHEN "age" = 45 THEN 233
      WHEN "age" = 46 THEN 233
      WHEN "age" = 47 THEN 233
      WHEN "age" = 48 THEN 233
      WHEN "age" = 49 THEN 233
      WHEN "age" = 50 THEN 233
      WHEN "age" = 51 THEN 233
      WHEN "age" = 52 THEN 147
      WHEN "age" = 53 THEN 147
      WHEN "age" = 54 THEN 147
      WHEN "age" = 55 THEN 147
      WHEN "age" = 56 THEN 233
      WHEN "age" = 57 THEN 233
      WHEN "age" = 58 THEN 233
      WHEN "age" = 59 THEN 376
      WHEN "age" = 60 THEN 376
      WHEN "age" = 61 THEN 588
      WHEN "age" = 62 THEN 919
      WHEN "age" = 63 THEN 919
      WHEN "age" = 64 THEN 919
    END AS rarity_3
  FROM answers
),
numbers_by_case AS (
  SELECT
    case_id,
    points_1 + points_2 + points_3 AS points,
    2353 + rarity_1 + rarity_2 + rarity_3 > 10000 AS unusual
  FROM numbers_by_item
),
risk_by_points (points, risk) AS (
  VALUES
    (0, CAST('0.02558078831' AS DOUBLE PRECISION)),
    (1, CAST('0.02736656446' AS DOUBLE PRECISION)),
    (2, CAST('0.02927325921' AS DOUBLE PRECISION)),
    (3, CAST('0.03130852183' AS DOUBLE PRECISION)),
    (4, CAST('0.03348040832' AS DOUBLE PRECISION)),
    (5, CAST('0.03579739184' AS DOUBLE PRECISION)),
    (6, CAST('0.03826837157' AS DOUBLE PRECISION)),
    (7, CAST('0.04090267962' AS DOUBLE PRECISION)),
    (8, CAST('0.04371008568' AS DOUBLE PRECISION)),
    (9, CAST('0.04670079901' AS DOUBLE PRECISION)),
    (10, CAST('0.04988546705' AS DOUBLE PRECISION)),
    (11, CAST('0.05327517052' AS DOUBLE PRECISION)),
    (12, CAST('0.05688141404' AS DOUBLE PRECISION)),
    (13, CAST('0.06071611194' AS DOUBLE PRECISION)),
    (14, CAST('0.06479156847' AS DOUBLE PRECISION)),
    (15, CAST('0.06912045179' AS DOUBLE PRECISION)),
    (16, CAST('0.07371576101' AS DOUBLE PRECISION)),
    (17, CAST('0.07859078552' AS DOUBLE PRECISION)),
    (18, CAST('0.08375905586' AS DOUBLE PRECISION)),
    (19, CAST('0.08923428558' AS DOUBLE PRECISION)),
    (20, CAST('0.09503030305' AS DOUBLE PRECISION)),
    (21, CAST('0.101160973' AS DOUBLE PRECISION)),
    (22, CAST('0.1076401066' AS DOUBLE PRECISION)),
    (23, CAST('0.1144813608' AS DOUBLE PRECISION)),
    (24, CAST('0.1216981246' AS DOUBLE PRECISION)),
    (25, CAST('0.1293033945' AS DOUBLE PRECISION)),
    (26, CAST('0.1373096376' AS DOUBLE PRECISION)),
    (27, CAST('0.1457286425' AS DOUBLE PRECISION)),
    (28, CAST('0.1545713605' AS DOUBLE PRECISION)),
    (29, CAST('0.1638477355' AS DOUBLE PRECISION)),
    (30, CAST('0.1735665265' AS DOUBLE PRECISION)),
    (31, CAST('0.1837351222' AS DOUBLE PRECISION)),
    (32, CAST('0.1943593519' AS DOUBLE PRECISION)),
    (33, CAST('0.2054432937' AS DOUBLE PRECISION)),
    (34, CAST('0.2169890845' AS DOUBLE PRECISION)),
    (35, CAST('0.228996734' AS DOUBLE PRECISION)),
    (36, CAST('0.241463948' AS DOUBLE PRECISION)),
    (37, CAST('0.2543859639' AS DOUBLE PRECISION)),
    (38, CAST('0.2677554039' AS DOUBLE PRECISION)),
    (39, CAST('0.2815621503' AS DOUBLE PRECISION)),
    (40, CAST('0.2957932466' AS DOUBLE PRECISION)),
    (41, CAST('0.3104328304' AS DOUBLE PRECISION)),
    (42, CAST('0.3254621008' AS DOUBLE PRECISION)),
    (43, CAST('0.340859325' AS DOUBLE PRECISION)),
    (44, CAST('0.3565998862' AS DOUBLE PRECISION)),
    (45, CAST('0.3726563752' AS DOUBLE PRECISION)),
    (46, CAST('0.3889987275' AS DOUBLE PRECISION)),
    (47, CAST('0.4055944043' AS DOUBLE PRECISION)),
    (48, CAST('0.4224086178' AS DOUBLE PRECISION)),
    (49, CAST('0.4394045973' AS DOUBLE PRECISION)),
    (50, CAST('0.4565438929' AS DOUBLE PRECISION)),
    (51, CAST('0.473786711' AS DOUBLE PRECISION)),
    (52, CAST('0.4910922773' AS DOUBLE PRECISION)),
    (53, CAST('0.5084192184' AS DOUBLE PRECISION)),
    (54, CAST('0.5257259562' AS DOUBLE PRECISION)),
    (55, CAST('0.5429711062' AS DOUBLE PRECISION)),
    (56, CAST('0.5601138717' AS DOUBLE PRECISION)),
    (57, CAST('0.5771144265' AS DOUBLE PRECISION)),
    (58, CAST('0.5939342781' AS DOUBLE PRECISION)),
    (59, CAST('0.610536604' AS DOUBLE PRECISION)),
    (60, CAST('0.6268865568' AS DOUBLE PRECISION)),
    (61, CAST('0.6429515309' AS DOUBLE PRECISION)),
    (62, CAST('0.6587013893' AS DOUBLE PRECISION)),
    (63, CAST('0.6741086459' AS DOUBLE PRECISION)),
    (64, CAST('0.6891486037' AS DOUBLE PRECISION)),
    (65, CAST('0.7037994477' AS DOUBLE PRECISION)),
    (66, CAST('0.718042294' AS DOUBLE PRECISION)),
    (67, CAST('0.7318611977' AS DOUBLE PRECISION)),
    (68, CAST('0.7452431211' AS DOUBLE PRECISION)),
    (69, CAST('0.7581778676' AS DOUBLE PRECISION)),
    (70, CAST('0.7706579837' AS DOUBLE PRECISION)),
    (71, CAST('0.7826786351' AS DOUBLE PRECISION)),
    (72, CAST('0.7942374602' AS DOUBLE PRECISION)),
    (73, CAST('0.8053344059' AS DOUBLE PRECISION)),
    (74, CAST('0.8159715518' AS DOUBLE PRECISION)),
    (75, CAST('0.8261529239' AS DOUBLE PRECISION)),
    (76, CAST('0.8358843045' AS DOUBLE PRECISION)),
    (77, CAST('0.8451730412' AS DOUBLE PRECISION)),
    (78, CAST('0.8540278567' AS DOUBLE PRECISION)),
    (79, CAST('0.8624586642' AS DOUBLE PRECISION)),
    (80, CAST('0.8704763888' AS DOUBLE PRECISION)),
    (81, CAST('0.8780927978' AS DOUBLE PRECISION)),
    (82, CAST('0.8853203411' AS DOUBLE PRECISION)),
    (83, CAST('0.8921720024' AS DOUBLE PRECISION)),
    (84, CAST('0.8986611613' AS DOUBLE PRECISION))
)
SELECT
  numbers_by_case.case_id,
  numbers_by_case.points,
  CASE WHEN numbers_by_case.unusual THEN NULL ELSE risk_by_points.risk END AS risk,
  numbers_by_case.unusual
FROM numbers_by_case
LEFT JOIN risk_by_points ON risk_by_points.points = numbers_by_case.points
ORDER BY numbers_by_case.case_id;
