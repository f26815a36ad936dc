-- The year of one organization. Ids are made from numbers, so that rows find each other without being looked up. Everybody
-- takes part in scenario 1, one tag is on every scenario, and member 3 has a session with 200 attempts more than others.
insert into identity (id, created_at, email, name, language)
select md5('identity ' || n)::uuid, now(), 'person-' || n || '@bench.example', 'Person ' || n, 'en'
from generate_series(1, 5000) n;
insert into member (organization_id, id, created_at, identity_id, role, preferences)
select current_setting('bench.organization')::uuid, md5('member ' || n)::uuid, now(), md5('identity ' || n)::uuid,
  case n when 1 then 'owner' when 2 then 'coach' else 'learner' end, '{}'
from generate_series(1, 5000) n;
insert into tag (organization_id, id, created_at, name)
select current_setting('bench.organization')::uuid, md5('tag ' || n)::uuid, now(), 'Tag ' || n
from generate_series(1, 30) n;
insert into member_tag (organization_id, id, created_at, member_id, tag_id)
select current_setting('bench.organization')::uuid, gen_random_uuid(), now(), md5('member ' || n)::uuid,
  md5('tag ' || (1 + n % 30))::uuid
from generate_series(1, 5000) n;
insert into contact (organization_id, id, created_at, created_by_id, name, job, company, notes, is_shared)
select current_setting('bench.organization')::uuid, md5('contact ' || n)::uuid, now() - n * interval '1 hour',
  md5('member ' || (1 + n % 3))::uuid, 'Dana Whitlock ' || n, 'Head of operations', 'Northwind ' || n % 211, 'Met once.',
  n % 2 = 0
from generate_series(1, 5000) n;
insert into scenario (organization_id, id, created_at, title, type, persona_name, created_by_id, published_at, version_number)
select current_setting('bench.organization')::uuid, md5('scenario ' || n)::uuid, now() - n * interval '1 hour',
  'A difficult customer, part ' || n, (array['support', 'sales', 'leadership'])[1 + n % 3], 'Dana Whitlock ' || n % 61, md5('member 1')::uuid, now(), 1
from generate_series(1, 500) n;
insert into scenario_version (organization_id, id, created_at, scenario_id, number, title, type, language, text, digest)
select current_setting('bench.organization')::uuid, md5('version ' || n)::uuid, now(), md5('scenario ' || n)::uuid, 1,
  'A difficult customer, part ' || n, (array['support', 'sales', 'leadership'])[1 + n % 3], 'en', current_setting('bench.content')::jsonb, md5(n::text)
from generate_series(1, 500) n;
insert into kept_persona (organization_id, id, created_at, name, language, text, created_by_id)
select current_setting('bench.organization')::uuid, gen_random_uuid(), now(), 'Dana Whitlock ' || n, 'en',
  jsonb_build_object('opening', content -> 'opening', 'persona', content -> 'persona' || jsonb_build_object('name', 'Dana Whitlock ' || n)),
  md5('member 2')::uuid
from generate_series(1, 200) n, (select current_setting('bench.content')::jsonb) given (content);
insert into evaluation_template (organization_id, id, created_at, name, language, text, created_by_id)
select current_setting('bench.organization')::uuid, gen_random_uuid(), now(), 'Template ' || n, 'en',
  jsonb_build_object('name', 'Template ' || n, 'instructions', repeat('Judge what was said, and quote it. ', 20)), md5('member 2')::uuid
from generate_series(1, 200) n;
insert into scenario_tag (organization_id, id, created_at, scenario_id, tag_id)
select current_setting('bench.organization')::uuid, gen_random_uuid(), now(), md5('scenario ' || n)::uuid,
  md5('tag ' || (1 + (n * k) % 30))::uuid
from generate_series(1, 500) n, (values (1), (7)) v (k)
on conflict do nothing;
insert into tag (organization_id, id, created_at, name)
values (current_setting('bench.organization')::uuid, md5('tag 0')::uuid, now(), 'All of it');
insert into scenario_tag (organization_id, id, created_at, scenario_id, tag_id)
select current_setting('bench.organization')::uuid, gen_random_uuid(), now(), md5('scenario ' || n)::uuid, md5('tag 0')::uuid
from generate_series(1, 500) n;
insert into assignment (organization_id, id, created_at, scenario_id, created_by_id, sessions_per_week)
select current_setting('bench.organization')::uuid, md5('assignment ' || n)::uuid, now(), md5('scenario ' || n)::uuid,
  md5('member 1')::uuid, 1
from generate_series(1, 500) n;
insert into participant (organization_id, id, created_at, assignment_id, member_id, invited_by_id)
select current_setting('bench.organization')::uuid, gen_random_uuid(), now(), md5('assignment ' || (1 + n % 500))::uuid,
  md5('member ' || (1 + (n * 7) % 5000))::uuid, md5('member 1')::uuid
from generate_series(1, 50000) n
on conflict do nothing;
insert into participant (organization_id, id, created_at, assignment_id, member_id, invited_by_id)
select current_setting('bench.organization')::uuid, gen_random_uuid(), now(), md5('assignment 1')::uuid,
  md5('member ' || n)::uuid, md5('member 1')::uuid
from generate_series(1, 5000) n
on conflict do nothing;
insert into practice_session (organization_id, id, created_at, member_id, created_by_id, scenario_version_id, name,
  type, persona_name, is_private, deadline_at, begun_at, attempt_count)
select current_setting('bench.organization')::uuid, md5('session ' || n)::uuid, now() - (n % 364) * interval '1 day',
  md5('member ' || (1 + n % 5000))::uuid, md5('member 1')::uuid, md5('version ' || case when n / 5000 = 7 then 1 else 1 + (n * 13 + n / 5000) % 500 end)::uuid,
  'A difficult customer ' || n % 997, (array['support', 'sales', 'leadership'])[1 + n % 3], 'Persona ' || n % 61,
  n % 3 = 0, case when n % 3 > 0 then now() - (n % 364 - 7) * interval '1 day' end,
  case when n % 4 > 0 then now() - (n % 364) * interval '1 day' end, case when n % 4 > 0 then 4 else 0 end
from generate_series(1, 100000) n;
insert into attempt (organization_id, id, created_at, member_id, scenario_version_id, practice_session_id, number, mode,
  status, started_at, ends_at, ended_at, end_reason, epoch, seq, paused_ms, extended)
select current_setting('bench.organization')::uuid, md5('attempt ' || n)::uuid, at, md5('member ' || (1 + s % 5000))::uuid,
  md5('version ' || case when s / 5000 = 7 then 1 else 1 + (s * 13 + s / 5000) % 500 end)::uuid, md5('session ' || s)::uuid,
  n % 4 + 1, 'voice', 'evaluated', at, at + interval '10 minutes', at + interval '7 minutes', 'learner', 1, 1, 0, false
from generate_series(0, 299999) n,
  lateral (select n / 4 + n / 12 + 1 as s) x,
  lateral (select now() - (s % 364) * interval '1 day' + (n % 4) * interval '1 hour' - interval '5 hours' as at) y;
insert into attempt (organization_id, id, created_at, member_id, scenario_version_id, practice_session_id, number, mode,
  status, started_at, ends_at, ended_at, end_reason, epoch, seq, paused_ms, extended)
select organization_id, md5('attempt ' || 300000 + k)::uuid, created_at, member_id, scenario_version_id, practice_session_id,
  4 + k, mode, status, started_at, ends_at, ended_at, end_reason, epoch, seq, paused_ms, extended
from attempt, generate_series(0, 199) k where practice_session_id = md5('session 2')::uuid and number = 1;
insert into turn (organization_id, id, created_at, attempt_id, number, item_id, speaker, text, status, started_ms, ended_ms)
select a.organization_id, gen_random_uuid(), a.created_at, a.id, k, 'item-' || k,
  case k % 2 when 0 then 'learner' else 'persona' end, 'I am sorry that you waited.', 'heard', k * 1000, k * 1000 + 900
from (select * from attempt where member_id = md5('member 3')::uuid) a, generate_series(1, 20) k;
insert into evaluation (organization_id, id, created_at, attempt_id, rubric_digest, language, status, score, summary,
  worked, missing, key_moments, suggestions, started_at, finished_at)
select current_setting('bench.organization')::uuid, md5('evaluation ' || n)::uuid, now(), md5('attempt ' || n)::uuid,
  'digest', 'en', 'evaluated', n * 31 % 101, 'A good call.', '[]', '[]', '[]', '[]', now(), now()
from generate_series(0, 300199) n;
insert into goal_result (organization_id, id, created_at, evaluation_id, position, goal_id, goal, weight, verdict, score,
  feedback)
select current_setting('bench.organization')::uuid, gen_random_uuid(), now(), md5('evaluation ' || n)::uuid, k,
  'goal-' || k, 'The customer knows what happens next, part ' || k, 1, 'partly', (n + k) % 3 * 50, 'Well said.'
from generate_series(0, 300199) n, generate_series(1, 3) k;
