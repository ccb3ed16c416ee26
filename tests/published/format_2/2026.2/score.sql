-- riskmodel 2026.2: Påhittad, month 0
-- Waiver of G10 until 2029-12-31, granted by Bo Berg, manager: made for tests
-- Waiver of G12 until 2029-12-31, granted by Bo Berg, manager: made for tests
-- Points and risk per case, by the arithmetic of release.json. For evaluation only: no flags, no ranking.
-- Input: a table answers with the columns case_id, "schooling" text, "housing" text, "support" text, "age" integer.
-- Levels are given as codes, in no other spelling; numbers as they are asked for, not as years of birth, and
-- whole where the column is integer. NULL is no answer, and so is a number that stands for none.
-- What the release does not know, an answer with a rule of its own, a number outside its range and an age
-- outside 18-64 give NULL, never a guess.
WITH points_by_item AS (
  SELECT
    case_id,
    CASE
      WHEN "schooling" IS NULL THEN 10
      WHEN "schooling" IN ('no_answer', 'not_asked', 'not_observed') THEN 10
      WHEN "schooling" = 'primary' THEN 28
      WHEN "schooling" = 'secondary' THEN 13
      WHEN "schooling" = 'tertiary' THEN 0
    END AS "schooling",
    CASE
      WHEN "housing" IS NULL THEN 16
      WHEN "housing" IN ('no_answer', 'not_asked', 'not_observed') THEN 16
      WHEN "housing" = 'own' THEN 0
      WHEN "housing" = 'rented' THEN 13
      WHEN "housing" = 'none' THEN 21
    END AS "housing",
    CASE
      WHEN "support" IS NULL THEN 11
      WHEN "support" IN ('no_answer', 'not_asked', 'not_observed') THEN 11
      WHEN "support" = 'no' THEN 19
      WHEN "support" = 'yes' THEN 0
    END AS "support",
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
      WHEN "age" = 34 THEN 3
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
      WHEN "age" = 54 THEN 12
      WHEN "age" = 55 THEN 12
      WHEN "age" = 56 THEN 13
      WHEN "age" = 57 THEN 13
      WHEN "age" = 58 THEN 14
      WHEN "age" = 59 THEN 14
      WHEN "age" = 60 THEN 15
      WHEN "age" = 61 THEN 15
      WHEN "age" = 62 THEN 16
      WHEN "age" = 63 THEN 16
      WHEN "age" = 64 THEN 17
    END AS "age"
  FROM answers
),
points_by_case AS (
  SELECT case_id, "schooling" + "housing" + "support" + "age" AS points FROM points_by_item
),
risk_by_points (points, risk) AS (
  VALUES
    (0, CAST('0.02423352125' AS DOUBLE PRECISION)),
    (1, CAST('0.02592774823' AS DOUBLE PRECISION)),
    (2, CAST('0.02773705594' AS DOUBLE PRECISION)),
    (3, CAST('0.02966877634' AS DOUBLE PRECISION)),
    (4, CAST('0.03173063895' AS DOUBLE PRECISION)),
    (5, CAST('0.03393078221' AS DOUBLE PRECISION)),
    (6, CAST('0.03627776361' AS DOUBLE PRECISION)),
    (7, CAST('0.03878056823' AS DOUBLE PRECISION)),
    (8, CAST('0.04144861516' AS DOUBLE PRECISION)),
    (9, CAST('0.04429176176' AS DOUBLE PRECISION)),
    (10, CAST('0.04732030488' AS DOUBLE PRECISION)),
    (11, CAST('0.05054497897' AS DOUBLE PRECISION)),
    (12, CAST('0.05397695019' AS DOUBLE PRECISION)),
    (13, CAST('0.05762780619' AS DOUBLE PRECISION)),
    (14, CAST('0.06150954086' AS DOUBLE PRECISION)),
    (15, CAST('0.06563453335' AS DOUBLE PRECISION)),
    (16, CAST('0.07001552072' AS DOUBLE PRECISION)),
    (17, CAST('0.07466556347' AS DOUBLE PRECISION)),
    (18, CAST('0.07959800332' AS DOUBLE PRECISION)),
    (19, CAST('0.08482641227' AS DOUBLE PRECISION)),
    (20, CAST('0.09036453254' AS DOUBLE PRECISION)),
    (21, CAST('0.09622620637' AS DOUBLE PRECISION)),
    (22, CAST('0.1024252953' AS DOUBLE PRECISION)),
    (23, CAST('0.1089755883' AS DOUBLE PRECISION)),
    (24, CAST('0.1158906981' AS DOUBLE PRECISION)),
    (25, CAST('0.1231839459' AS DOUBLE PRECISION)),
    (26, CAST('0.1308682339' AS DOUBLE PRECISION)),
    (27, CAST('0.1389559059' AS DOUBLE PRECISION)),
    (28, CAST('0.1474585968' AS DOUBLE PRECISION)),
    (29, CAST('0.1563870704' AS DOUBLE PRECISION)),
    (30, CAST('0.165751049' AS DOUBLE PRECISION)),
    (31, CAST('0.175559033' AS DOUBLE PRECISION)),
    (32, CAST('0.1858181153' AS DOUBLE PRECISION)),
    (33, CAST('0.1965337911' AS DOUBLE PRECISION)),
    (34, CAST('0.2077097664' AS DOUBLE PRECISION)),
    (35, CAST('0.2193477682' AS DOUBLE PRECISION)),
    (36, CAST('0.2314473605' AS DOUBLE PRECISION)),
    (37, CAST('0.2440057692' AS DOUBLE PRECISION)),
    (38, CAST('0.257017721' AS DOUBLE PRECISION)),
    (39, CAST('0.2704753009' AS DOUBLE PRECISION)),
    (40, CAST('0.2843678316' AS DOUBLE PRECISION)),
    (41, CAST('0.2986817813' AS DOUBLE PRECISION)),
    (42, CAST('0.3134007027' AS DOUBLE PRECISION)),
    (43, CAST('0.3285052082' AS DOUBLE PRECISION)),
    (44, CAST('0.3439729845' AS DOUBLE PRECISION)),
    (45, CAST('0.3597788488' AS DOUBLE PRECISION)),
    (46, CAST('0.3758948501' AS DOUBLE PRECISION)),
    (47, CAST('0.3922904141' AS DOUBLE PRECISION)),
    (48, CAST('0.4089325341' AS DOUBLE PRECISION)),
    (49, CAST('0.4257860042' AS DOUBLE PRECISION)),
    (50, CAST('0.4428136934' AS DOUBLE PRECISION)),
    (51, CAST('0.4599768559' AS DOUBLE PRECISION)),
    (52, CAST('0.4772354728' AS DOUBLE PRECISION)),
    (53, CAST('0.4945486193' AS DOUBLE PRECISION)),
    (54, CAST('0.5118748494' AS DOUBLE PRECISION)),
    (55, CAST('0.5291725918' AS DOUBLE PRECISION)),
    (56, CAST('0.5464005481' AS DOUBLE PRECISION)),
    (57, CAST('0.5635180852' AS DOUBLE PRECISION)),
    (58, CAST('0.5804856148' AS DOUBLE PRECISION)),
    (59, CAST('0.5972649514' AS DOUBLE PRECISION)),
    (60, CAST('0.6138196435' AS DOUBLE PRECISION)),
    (61, CAST('0.6301152707' AS DOUBLE PRECISION)),
    (62, CAST('0.6461197035' AS DOUBLE PRECISION)),
    (63, CAST('0.6618033203' AS DOUBLE PRECISION)),
    (64, CAST('0.677139182' AS DOUBLE PRECISION)),
    (65, CAST('0.6921031604' AS DOUBLE PRECISION)),
    (66, CAST('0.7066740228' AS DOUBLE PRECISION)),
    (67, CAST('0.7208334723' AS DOUBLE PRECISION)),
    (68, CAST('0.7345661477' AS DOUBLE PRECISION)),
    (69, CAST('0.7478595844' AS DOUBLE PRECISION)),
    (70, CAST('0.7607041418' AS DOUBLE PRECISION)),
    (71, CAST('0.7730928997' AS DOUBLE PRECISION)),
    (72, CAST('0.7850215292' AS DOUBLE PRECISION)),
    (73, CAST('0.796488143' AS DOUBLE PRECISION)),
    (74, CAST('0.8074931279' AS DOUBLE PRECISION)),
    (75, CAST('0.8180389666' AS DOUBLE PRECISION)),
    (76, CAST('0.828130051' AS DOUBLE PRECISION)),
    (77, CAST('0.837772491' AS DOUBLE PRECISION)),
    (78, CAST('0.8469739233' AS DOUBLE PRECISION)),
    (79, CAST('0.855743323' AS DOUBLE PRECISION)),
    (80, CAST('0.8640908188' AS DOUBLE PRECISION)),
    (81, CAST('0.8720275174' AS DOUBLE PRECISION)),
    (82, CAST('0.8795653345' AS DOUBLE PRECISION)),
    (83, CAST('0.8867168382' AS DOUBLE PRECISION)),
    (84, CAST('0.8934951015' AS DOUBLE PRECISION)),
    (85, CAST('0.899913568' AS DOUBLE PRECISION))
)
SELECT points_by_case.case_id, points_by_case.points, risk_by_points.risk
FROM points_by_case
LEFT JOIN risk_by_points ON risk_by_points.points = points_by_case.points
ORDER BY points_by_case.case_id;
