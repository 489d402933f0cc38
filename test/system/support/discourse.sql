-- The tables of Discourse that its export reads, with the columns and types that its documentation lists, and a small forum.
CREATE TABLE users (
  id int PRIMARY KEY, username varchar(60) NOT NULL, name varchar, admin boolean NOT NULL DEFAULT false,
  moderator boolean NOT NULL DEFAULT false, suspended_till timestamp, created_at timestamp NOT NULL DEFAULT '2026-01-01',
  updated_at timestamp NOT NULL DEFAULT '2026-01-01');
CREATE TABLE user_emails (id serial PRIMARY KEY, user_id int NOT NULL, email varchar(513) NOT NULL);
CREATE TABLE categories (
  id int PRIMARY KEY, name varchar(50) NOT NULL, slug varchar NOT NULL, read_restricted boolean NOT NULL DEFAULT false);
CREATE TABLE topics (
  id int PRIMARY KEY, title varchar NOT NULL, user_id int, category_id int, archetype varchar NOT NULL DEFAULT 'regular',
  created_at timestamp NOT NULL, deleted_at timestamp);
CREATE TABLE posts (
  id int PRIMARY KEY, user_id int, topic_id int NOT NULL, post_number int NOT NULL, post_type int NOT NULL DEFAULT 1,
  created_at timestamp NOT NULL, deleted_at timestamp, user_deleted boolean NOT NULL DEFAULT false);
CREATE TABLE post_actions (
  id int PRIMARY KEY, post_id int NOT NULL, user_id int NOT NULL, post_action_type_id int NOT NULL,
  created_at timestamp NOT NULL, deleted_at timestamp, agreed_at timestamp);
CREATE TABLE discourse_solved_solved_topics (
  id bigint PRIMARY KEY, topic_id int NOT NULL, answer_post_id int, accepter_user_id int, created_at timestamp NOT NULL);
CREATE TABLE discourse_solved_topic_answers (
  id bigint PRIMARY KEY, solved_topic_id bigint NOT NULL, answer_post_id bigint NOT NULL,
  accepter_user_id bigint NOT NULL, created_at timestamp NOT NULL);

INSERT INTO users (id, username, name, admin, moderator, suspended_till, updated_at) VALUES
  (-1, 'system', 'system', true, true, NULL, '2026-01-01'),
  (1, 'ann', 'Ann "Admin" Ache', true, false, NULL, '2026-11-01'),
  (2, 'ben', '', false, false, NULL, '2026-11-01'),
  (3, 'cleo', NULL, false, false, NULL, '2026-11-02'),
  (4, 'dan', 'Dan', false, false, '2999-01-01', '2026-11-03'),
  (5, 'anon5', NULL, false, false, NULL, '2026-11-03'),
  (6, 'lurker', 'Reads only', false, false, NULL, '2026-11-03');
INSERT INTO user_emails (user_id, email) VALUES (2, 'ben@example.org'), (5, 'anon5@anonymized.invalid');
INSERT INTO categories VALUES (4, 'General', 'general', false), (7, 'Support', 'Support', false), (9, 'Staff', 'staff', true),
  (11, '日本語', '日本語', false);
INSERT INTO topics VALUES
  (10, 'The printer sings', 2, 7, 'regular', '2026-11-10 10:00:00.123999', NULL),
  (11, 'A letter', 2, NULL, 'private_message', '2026-11-10 10:01', NULL),
  (12, 'For staff', 1, 9, 'regular', '2026-11-10 10:02', NULL),
  (13, 'さようなら', 3, 11, 'regular', '2026-11-10 10:03', '2026-11-12 09:00'),
  (14, 'Buy now', 4, 4, 'regular', '2026-11-10 10:04', '2026-11-10 11:00'),
  (15, 'Welcome', -1, 4, 'regular', '2026-11-10 10:05', NULL);
INSERT INTO posts VALUES
  (100, 2, 10, 1, 1, '2026-11-10 10:00:00.223', NULL, false),
  (101, 3, 10, 2, 1, '2026-11-10 11:00', NULL, false),
  (102, 1, 10, 3, 4, '2026-11-10 11:01', NULL, false),
  (103, 1, 10, 4, 3, '2026-11-10 11:02', NULL, false),
  (104, 2, 10, 5, 1, '2026-11-10 11:03', '2026-11-12 08:00', false),
  (105, 1, 10, 6, 1, '2026-11-10 11:04', NULL, false),
  (106, 2, 11, 1, 1, '2026-11-10 10:01', NULL, false),
  (107, 3, 11, 2, 1, '2026-11-10 11:05', '2026-11-12 08:01', false),
  (108, 1, 12, 2, 1, '2026-11-10 11:06', NULL, false),
  (109, 3, 13, 1, 1, '2026-11-10 10:03', '2026-11-12 09:00', false),
  (110, 2, 13, 2, 1, '2026-11-10 11:07', NULL, false),
  (111, 4, 14, 1, 1, '2026-11-10 10:04', '2026-11-10 11:00', false),
  (112, -1, 10, 7, 1, '2026-11-10 11:08', NULL, false),
  (113, 4, 10, 8, 1, '2026-11-10 11:09', '2026-11-10 12:00', false),
  (114, -1, 15, 1, 1, '2026-11-10 10:05', NULL, false);
INSERT INTO post_actions VALUES
  (1, 101, 2, 2, '2026-11-11 09:00', NULL, NULL),
  (2, 104, 3, 2, '2026-11-11 09:01', '2026-11-12 08:00:00.5', NULL), -- taken off with its post
  (3, 101, 1, 2, '2026-11-11 09:02', '2026-11-11 10:00', NULL), -- taken back
  (4, 104, 1, 2, '2026-11-11 09:03', '2026-11-11 10:01', NULL), -- taken back before its post was deleted
  (5, 101, -1, 2, '2026-11-11 09:04', NULL, NULL),
  (6, 107, 2, 2, '2026-11-11 09:05', NULL, NULL),
  (7, 108, 2, 2, '2026-11-11 09:06', NULL, NULL),
  (8, 100, 5, 2, '2026-11-19 09:07', NULL, NULL), -- after the webhooks went live
  (9, 111, 2, 8, '2026-11-10 10:30', NULL, '2026-11-10 11:00'),
  (10, 113, 2, 8, '2026-11-10 11:30', NULL, '2026-11-10 12:00'),
  (11, 113, 3, 8, '2026-11-10 11:31', NULL, '2026-11-10 12:00:01'),
  (12, 105, 3, 8, '2026-11-10 11:32', NULL, NULL); -- a flag that was not agreed with
INSERT INTO discourse_solved_solved_topics VALUES (1, 10, 101, 2, '2026-11-11 12:00');
INSERT INTO discourse_solved_topic_answers VALUES (1, 1, 101, 2, '2026-11-11 12:00'), (2, 1, 105, 2, '2026-11-19 12:00');
