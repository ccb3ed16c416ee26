-- riskmodel 2026.1: Exempelstad, month 0
-- Points and risk per case, by the arithmetic of release.json. For evaluation only: no flags, no ranking.
-- Input: a table answers(case_id, self_rating, age, education, work_experience, situation, swedish, health_physical, health_mental, housing, debts, earlier_months).
-- Levels are given as codes, numbers as whole numbers; NULL is no answer.
-- An answer that the release does not know, or that leads to a rule of its own, gives NULL, never a guess.
WITH points_by_item AS (
  SELECT
    case_id,
    CASE
      WHEN "self_rating" IS NULL THEN 5
      WHEN "self_rating" IN ('no_answer', 'not_asked', 'not_observed') THEN 5
      WHEN "self_rating" = 'ready' THEN 0
      WHEN "self_rating" = 'some_help' THEN 3
      WHEN "self_rating" = 'much_help' THEN 6
      WHEN "self_rating" = 'not_now' THEN 10
    END AS "self_rating",
    CASE
      WHEN "age" IS NULL THEN 3
      WHEN "age" = 18 THEN 0
      WHEN "age" = 19 THEN 0
      WHEN "age" = 20 THEN 0
      WHEN "age" = 21 THEN 0
      WHEN "age" = 22 THEN 1
      WHEN "age" = 23 THEN 1
      WHEN "age" = 24 THEN 1
      WHEN "age" = 25 THEN 1
      WHEN "age" = 26 THEN 1
      WHEN "age" = 27 THEN 1
      WHEN "age" = 28 THEN 2
      WHEN "age" = 29 THEN 2
      WHEN "age" = 30 THEN 2
      WHEN "age" = 31 THEN 2
      WHEN "age" = 32 THEN 2
      WHEN "age" = 33 THEN 2
      WHEN "age" = 34 THEN 2
      WHEN "age" = 35 THEN 3
      WHEN "age" = 36 THEN 3
      WHEN "age" = 37 THEN 3
      WHEN "age" = 38 THEN 3
      WHEN "age" = 39 THEN 3
      WHEN "age" = 40 THEN 3
      WHEN "age" = 41 THEN 4
      WHEN "age" = 42 THEN 4
      WHEN "age" = 43 THEN 4
      WHEN "age" = 44 THEN 4
      WHEN "age" = 45 THEN 5
      WHEN "age" = 46 THEN 5
      WHEN "age" = 47 THEN 5
      WHEN "age" = 48 THEN 5
      WHEN "age" = 49 THEN 6
      WHEN "age" = 50 THEN 6
      WHEN "age" = 51 THEN 6
      WHEN "age" = 52 THEN 6
      WHEN "age" = 53 THEN 7
      WHEN "age" = 54 THEN 7
      WHEN "age" = 55 THEN 7
      WHEN "age" = 56 THEN 7
      WHEN "age" = 57 THEN 8
      WHEN "age" = 58 THEN 8
      WHEN "age" = 59 THEN 8
      WHEN "age" = 60 THEN 9
      WHEN "age" = 61 THEN 9
      WHEN "age" = 62 THEN 9
      WHEN "age" = 63 THEN 9
      WHEN "age" = 64 THEN 10
    END AS "age",
    CASE
      WHEN "education" IS NULL THEN 5
      WHEN "education" IN ('no_answer', 'not_asked', 'not_observed') THEN 5
      WHEN "education" = 'none' THEN 7
      WHEN "education" = 'compulsory' THEN 4
      WHEN "education" = 'upper_secondary' THEN 1
      WHEN "education" = 'post_secondary' THEN 0
    END AS "education",
    CASE
      WHEN "work_experience" IS NULL THEN 8
      WHEN "work_experience" IN ('no_answer', 'not_asked', 'not_observed') THEN 8
      WHEN "work_experience" = 'none' THEN 16
      WHEN "work_experience" = 'up_to_6_months' THEN 10
      WHEN "work_experience" = 'up_to_24_months' THEN 5
      WHEN "work_experience" = 'over_24_months' THEN 0
    END AS "work_experience",
    CASE
      WHEN "situation" IS NULL THEN 3
      WHEN "situation" IN ('no_answer', 'not_asked', 'not_observed') THEN 3
      WHEN "situation" = 'waiting_income' THEN 0
      WHEN "situation" = 'part_time' THEN 0
      WHEN "situation" = 'other' THEN 3
      WHEN "situation" = 'unemployed' THEN 4
      WHEN "situation" = 'sick' THEN 6
    END AS "situation",
    CASE
      WHEN "swedish" IS NULL THEN 3
      WHEN "swedish" IN ('no_answer', 'not_asked', 'not_observed') THEN 3
      WHEN "swedish" = 'interpreter' THEN 10
      WHEN "swedish" = 'basic' THEN 4
      WHEN "swedish" = 'everyday' THEN 2
      WHEN "swedish" = 'fluent' THEN 0
    END AS "swedish",
    CASE
      WHEN "health_physical" IS NULL THEN 4
      WHEN "health_physical" IN ('no_answer', 'not_asked', 'not_observed') THEN 4
      WHEN "health_physical" = 'none' THEN 0
      WHEN "health_physical" = 'some' THEN 3
      WHEN "health_physical" = 'severe' THEN 7
    END AS "health_physical",
    CASE
      WHEN "health_mental" IS NULL THEN 3
      WHEN "health_mental" IN ('no_answer', 'not_asked', 'not_observed') THEN 3
      WHEN "health_mental" = 'none' THEN 0
      WHEN "health_mental" = 'some' THEN 3
      WHEN "health_mental" = 'severe' THEN 8
    END AS "health_mental",
    CASE
      WHEN "housing" IS NULL THEN 5
      WHEN "housing" IN ('no_answer', 'not_asked', 'not_observed') THEN 5
      WHEN "housing" = 'own' THEN 0
      WHEN "housing" = 'second_hand' THEN 4
      WHEN "housing" = 'lodger' THEN 8
      WHEN "housing" = 'homeless' THEN 14
    END AS "housing",
    CASE
      WHEN "debts" IS NULL THEN 8
      WHEN "debts" IN ('no_answer', 'not_asked', 'not_observed') THEN 8
      WHEN "debts" = 'no' THEN 0
      WHEN "debts" = 'yes' THEN 14
    END AS "debts",
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
      WHEN "earlier_months" = 11 THEN 5
      WHEN "earlier_months" = 12 THEN 5
      WHEN "earlier_months" = 13 THEN 6
      WHEN "earlier_months" = 14 THEN 7
      WHEN "earlier_months" = 15 THEN 7
      WHEN "earlier_months" = 16 THEN 8
      WHEN "earlier_months" = 17 THEN 9
      WHEN "earlier_months" = 18 THEN 10
      WHEN "earlier_months" = 19 THEN 10
      WHEN "earlier_months" = 20 THEN 11
      WHEN "earlier_months" = 21 THEN 12
      WHEN "earlier_months" = 22 THEN 13
      WHEN "earlier_months" = 23 THEN 14
      WHEN "earlier_months" = 24 THEN 14
    END AS "earlier_months"
  FROM answers
),
points_by_case AS (
  SELECT case_id, "self_rating" + "age" + "education" + "work_experience" + "situation" + "swedish" + "health_physical" + "health_mental" + "housing" + "debts" + "earlier_months" AS points FROM points_by_item
),
risk_by_points (points, risk) AS (
  VALUES
    (0, CAST(0.02381210262 AS DOUBLE PRECISION)),
    (1, CAST(0.02547763643 AS DOUBLE PRECISION)),
    (2, CAST(0.02725641304 AS DOUBLE PRECISION)),
    (3, CAST(0.02915566333 AS DOUBLE PRECISION)),
    (4, CAST(0.03118301258 AS DOUBLE PRECISION)),
    (5, CAST(0.03334649215 AS DOUBLE PRECISION)),
    (6, CAST(0.03565455 AS DOUBLE PRECISION)),
    (7, CAST(0.03811605959 AS DOUBLE PRECISION)),
    (8, CAST(0.04074032697 AS DOUBLE PRECISION)),
    (9, CAST(0.0435370956 AS DOUBLE PRECISION)),
    (10, CAST(0.04651654841 AS DOUBLE PRECISION)),
    (11, CAST(0.04968930676 AS DOUBLE PRECISION)),
    (12, CAST(0.05306642566 AS DOUBLE PRECISION)),
    (13, CAST(0.05665938472 AS DOUBLE PRECISION)),
    (14, CAST(0.06048007424 AS DOUBLE PRECISION)),
    (15, CAST(0.06454077583 AS DOUBLE PRECISION)),
    (16, CAST(0.06885413674 AS DOUBLE PRECISION)),
    (17, CAST(0.07343313734 AS DOUBLE PRECISION)),
    (18, CAST(0.07829105093 AS DOUBLE PRECISION)),
    (19, CAST(0.0834413952 AS DOUBLE PRECISION)),
    (20, CAST(0.08889787454 AS DOUBLE PRECISION)),
    (21, CAST(0.09467431257 AS DOUBLE PRECISION)),
    (22, CAST(0.1007845742 AS DOUBLE PRECISION)),
    (23, CAST(0.1072424767 AS DOUBLE PRECISION)),
    (24, CAST(0.1140616891 AS DOUBLE PRECISION)),
    (25, CAST(0.1212556199 AS DOUBLE PRECISION)),
    (26, CAST(0.1288372929 AS DOUBLE PRECISION)),
    (27, CAST(0.1368192108 AS DOUBLE PRECISION)),
    (28, CAST(0.1452132073 AS DOUBLE PRECISION)),
    (29, CAST(0.1540302882 AS DOUBLE PRECISION)),
    (30, CAST(0.163280463 AS DOUBLE PRECISION)),
    (31, CAST(0.1729725663 AS DOUBLE PRECISION)),
    (32, CAST(0.1831140744 AS DOUBLE PRECISION)),
    (33, CAST(0.1937109151 AS DOUBLE PRECISION)),
    (34, CAST(0.2047672767 AS DOUBLE PRECISION)),
    (35, CAST(0.2162854174 AS DOUBLE PRECISION)),
    (36, CAST(0.2282654794 AS DOUBLE PRECISION)),
    (37, CAST(0.2407053109 AS DOUBLE PRECISION)),
    (38, CAST(0.2536003014 AS DOUBLE PRECISION)),
    (39, CAST(0.2669432333 AS DOUBLE PRECISION)),
    (40, CAST(0.2807241558 AS DOUBLE PRECISION)),
    (41, CAST(0.2949302845 AS DOUBLE PRECISION)),
    (42, CAST(0.309545932 AS DOUBLE PRECISION)),
    (43, CAST(0.3245524735 AS DOUBLE PRECISION)),
    (44, CAST(0.3399283507 AS DOUBLE PRECISION)),
    (45, CAST(0.3556491171 AS DOUBLE PRECISION)),
    (46, CAST(0.3716875272 AS DOUBLE PRECISION)),
    (47, CAST(0.3880136706 AS DOUBLE PRECISION)),
    (48, CAST(0.4045951507 AS DOUBLE PRECISION)),
    (49, CAST(0.421397307 AS DOUBLE PRECISION)),
    (50, CAST(0.4383834795 AS DOUBLE PRECISION)),
    (51, CAST(0.4555153092 AS DOUBLE PRECISION)),
    (52, CAST(0.4727530733 AS DOUBLE PRECISION)),
    (53, CAST(0.4900560454 AS DOUBLE PRECISION)),
    (54, CAST(0.5073828769 AS DOUBLE PRECISION)),
    (55, CAST(0.5246919909 AS DOUBLE PRECISION)),
    (56, CAST(0.54194198 AS DOUBLE PRECISION)),
    (57, CAST(0.5590920015 AS DOUBLE PRECISION)),
    (58, CAST(0.5761021608 AS DOUBLE PRECISION)),
    (59, CAST(0.5929338756 AS DOUBLE PRECISION)),
    (60, CAST(0.6095502148 AS DOUBLE PRECISION)),
    (61, CAST(0.6259162049 AS DOUBLE PRECISION)),
    (62, CAST(0.6419990994 AS DOUBLE PRECISION)),
    (63, CAST(0.657768608 AS DOUBLE PRECISION)),
    (64, CAST(0.6731970818 AS DOUBLE PRECISION)),
    (65, CAST(0.6882596538 AS DOUBLE PRECISION)),
    (66, CAST(0.7029343348 AS DOUBLE PRECISION)),
    (67, CAST(0.717202065 AS DOUBLE PRECISION)),
    (68, CAST(0.7310467242 AS DOUBLE PRECISION)),
    (69, CAST(0.7444551022 AS DOUBLE PRECISION)),
    (70, CAST(0.7574168351 AS DOUBLE PRECISION)),
    (71, CAST(0.7699243085 AS DOUBLE PRECISION)),
    (72, CAST(0.7819725353 AS DOUBLE PRECISION)),
    (73, CAST(0.7935590104 AS DOUBLE PRECISION)),
    (74, CAST(0.8046835476 AS DOUBLE PRECISION)),
    (75, CAST(0.8153481039 AS DOUBLE PRECISION)),
    (76, CAST(0.8255565942 AS DOUBLE PRECISION)),
    (77, CAST(0.8353147013 AS DOUBLE PRECISION)),
    (78, CAST(0.8446296844 AS DOUBLE PRECISION)),
    (79, CAST(0.8535101893 AS DOUBLE PRECISION)),
    (80, CAST(0.8619660629 AS DOUBLE PRECISION)),
    (81, CAST(0.8700081747 AS DOUBLE PRECISION)),
    (82, CAST(0.8776482463 AS DOUBLE PRECISION)),
    (83, CAST(0.8848986911 AS DOUBLE PRECISION)),
    (84, CAST(0.8917724647 AS DOUBLE PRECISION)),
    (85, CAST(0.8982829267 AS DOUBLE PRECISION)),
    (86, CAST(0.9044437152 AS DOUBLE PRECISION)),
    (87, CAST(0.9102686321 AS DOUBLE PRECISION)),
    (88, CAST(0.9157715411 AS DOUBLE PRECISION)),
    (89, CAST(0.9209662771 AS DOUBLE PRECISION)),
    (90, CAST(0.9258665666 AS DOUBLE PRECISION)),
    (91, CAST(0.9304859588 AS DOUBLE PRECISION)),
    (92, CAST(0.9348377664 AS DOUBLE PRECISION)),
    (93, CAST(0.9389350158 AS DOUBLE PRECISION)),
    (94, CAST(0.9427904056 AS DOUBLE PRECISION)),
    (95, CAST(0.9464162734 AS DOUBLE PRECISION)),
    (96, CAST(0.9498245687 AS DOUBLE PRECISION)),
    (97, CAST(0.9530268328 AS DOUBLE PRECISION)),
    (98, CAST(0.9560341841 AS DOUBLE PRECISION)),
    (99, CAST(0.9588573085 AS DOUBLE PRECISION)),
    (100, CAST(0.9615064539 AS DOUBLE PRECISION)),
    (101, CAST(0.9639914288 AS DOUBLE PRECISION)),
    (102, CAST(0.9663216034 AS DOUBLE PRECISION)),
    (103, CAST(0.968505915 AS DOUBLE PRECISION)),
    (104, CAST(0.9705528737 AS DOUBLE PRECISION)),
    (105, CAST(0.9724705721 AS DOUBLE PRECISION)),
    (106, CAST(0.9742666945 AS DOUBLE PRECISION)),
    (107, CAST(0.9759485295 AS DOUBLE PRECISION)),
    (108, CAST(0.9775229818 AS DOUBLE PRECISION)),
    (109, CAST(0.9789965858 AS DOUBLE PRECISION)),
    (110, CAST(0.980375519 AS DOUBLE PRECISION)),
    (111, CAST(0.9816656169 AS DOUBLE PRECISION)),
    (112, CAST(0.9828723864 AS DOUBLE PRECISION)),
    (113, CAST(0.9840010209 AS DOUBLE PRECISION)),
    (114, CAST(0.985056414 AS DOUBLE PRECISION)),
    (115, CAST(0.9860431743 AS DOUBLE PRECISION)),
    (116, CAST(0.9869656387 AS DOUBLE PRECISION))
)
SELECT points_by_case.case_id, points_by_case.points, risk_by_points.risk
FROM points_by_case
LEFT JOIN risk_by_points ON risk_by_points.points = points_by_case.points
ORDER BY points_by_case.case_id;
