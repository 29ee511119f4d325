-- +goose Up

-- The search index is a file of its own: this says which store it belongs to.
create table store (
  id text not null primary key
) strict, without rowid;
insert into store (id) values (lower(hex(randomblob(16))));

-- What the look at the store's health writes.
create table probe (
  id integer primary key,
  at integer not null
) strict;

create table brands (
  id text not null primary key,
  name text not null,
  settings text not null,
  version text not null,
  canary text not null,
  held text not null,
  secrets text not null,
  example integer not null,
  rev integer not null
) strict, without rowid;

create table channels (
  id text not null primary key,
  brand text not null references brands (id),
  kind text not null,
  name text not null,
  address text not null,
  bot text not null,
  config text not null,
  secrets text not null
) strict, without rowid;
create index channels_brand on channels (brand);

create table skills (
  brand text not null references brands (id),
  id text not null,
  name text not null,
  priority integer not null,
  hours text not null,
  accept_seconds integer not null,
  weight real not null,
  fallback text not null,
  outcomes text not null,
  primary key (brand, id)
) strict, without rowid;

create table bundles (
  brand text not null,
  hash text not null,
  files text not null,
  model text not null,
  created_at integer not null,
  primary key (brand, hash)
) strict;

create table users (
  id text not null primary key,
  brand text not null,
  email text not null unique,
  name text not null,
  role text not null,
  password_hash text not null,
  skills text not null,
  levels text not null,
  languages text not null,
  slots real not null,
  auto_accept integer not null,
  disabled integer not null,
  created_at integer not null,
  presence text not null,
  presence_since integer not null,
  seen_at integer not null,
  assigned_at integer not null,
  presence_reason text not null,
  lapses integer not null,
  left_at integer not null
) strict, without rowid;
create index users_brand on users (brand, name);

create table retention (
  brand text not null,
  kind text not null,
  at integer not null,
  n integer not null,
  primary key (brand, kind)
) strict, without rowid;

create table attendance (
  user_id text not null,
  process text not null,
  brand text not null,
  at integer not null,
  primary key (user_id, process)
) strict, without rowid;

create table notices (
  agent text not null,
  n integer not null,
  brand text not null,
  data text not null,
  primary key (agent, n)
) strict, without rowid;

create table logins (
  token_hash text not null primary key,
  user_id text not null references users (id) on delete cascade,
  brand text not null,
  created_at integer not null,
  used_at integer not null,
  expires_at integer not null
) strict, without rowid;
create index logins_user on logins (user_id);

create table tokens (
  id text not null primary key,
  brand text not null,
  name text not null,
  role text not null,
  secret_hash text not null,
  created_by text not null,
  created_at integer not null,
  expires_at integer not null,
  used_at integer not null
) strict, without rowid;
create index tokens_brand on tokens (brand);

create table consumers (
  id text not null primary key,
  brand text not null,
  name text not null,
  language text not null,
  attributes text not null,
  created_at integer not null,
  outreach text not null default '',
  changed integer not null
) strict, without rowid;
-- The search index follows names and addresses by it.
create index consumers_changed on consumers (changed);

create table identities (
  brand text not null,
  kind text not null,
  address text not null,
  consumer text not null,
  primary key (brand, kind, address)
) strict, without rowid;
create index identities_consumer on identities (consumer);

create table consents (
  n integer primary key,
  brand text not null,
  channel text not null,
  address text not null,
  opted_out integer not null,
  source text not null,
  message text not null,
  by_whom text not null,
  at integer not null
) strict;
create index consents_address on consents (channel, address, at);
create index consents_brand on consents (brand, address);

create table conversations (
  n integer primary key autoincrement,
  id text not null unique,
  brand text not null,
  channel text not null,
  kind text not null,
  consumer text not null,
  address text not null,
  state text not null,
  owner text not null,
  agent text not null,
  skill text not null,
  priority integer not null,
  rev integer not null,
  language text not null,
  ready integer not null,
  ready_at integer not null,
  last_inbox integer not null,
  last_seq integer not null,
  preview text not null,
  preview_author text not null,
  waiting_since integer not null,
  last_at integer not null,
  created_at integer not null,
  closed_at integer not null,
  extra text not null,
  pulse text not null,
  last_event integer not null,
  last_entry integer not null,
  waiting integer not null,
  had_agent integer not null
) strict;
create unique index conversations_address on conversations (channel, address) where state = 'open';
create index conversations_open on conversations (brand, owner, last_at) where state = 'open';
create index conversations_closed on conversations (brand, last_at) where state = 'closed';
create index conversations_over on conversations (brand, closed_at) where state = 'closed';
create index conversations_agent on conversations (brand, agent, last_at) where state = 'open' and owner = 'agent';
create index conversations_consumer on conversations (consumer, brand);
create index conversations_created on conversations (brand, created_at, id);
create index conversations_ready on conversations (brand, ready_at) where ready = 1;

-- How many are open, so that nobody has to count them. A save that changes none
-- of the three does not set them, and runs no trigger.
create table open_counts (
  brand text not null,
  owner text not null,
  agent text not null,
  n integer not null,
  primary key (brand, owner, agent)
) strict, without rowid;
create trigger conversations_added after insert on conversations when new.state = 'open' begin
  insert into open_counts (brand, owner, agent, n) values (new.brand, new.owner, new.agent, 1) on conflict do update set n = n + 1;
end;
create trigger conversations_moved after update of state, owner, agent on conversations
when (old.state, old.owner, old.agent) <> (new.state, new.owner, new.agent) begin
  update open_counts set n = n - 1 where old.state = 'open' and brand = old.brand and owner = old.owner and agent = old.agent;
  insert into open_counts (brand, owner, agent, n) select new.brand, new.owner, new.agent, 1 where new.state = 'open' on conflict do update set n = n + 1;
end;
create trigger conversations_removed after delete on conversations when old.state = 'open' begin
  update open_counts set n = n - 1 where brand = old.brand and owner = old.owner and agent = old.agent;
end;

-- The search index follows n, which must never be given out again.
create table messages (
  n integer primary key autoincrement,
  id text not null unique,
  brand text not null,
  conversation text not null,
  consumer text not null,
  seq integer not null,
  author text not null,
  author_id text not null,
  author_name text not null,
  note integer not null,
  content text not null,
  heard text not null,
  judged integer not null,
  marks text not null default '',
  state text not null,
  failure text not null,
  channel text not null,
  provider_id text not null,
  client_id text not null,
  at integer not null,
  provider_at integer not null
) strict;
create unique index messages_seq on messages (conversation, seq);
create unique index messages_provider on messages (channel, provider_id) where provider_id <> '';
create unique index messages_client on messages (conversation, client_id) where client_id <> '';
create index messages_judged on messages (brand, n) where judged > 0;

-- What waits for a conversation is chained like its events: each entry names the
-- one before it, the conversation its last. A key by conversation would dirty a
-- page for each entry. A long chain would be walked for each entry that is taken,
-- so what comes when it is long waits in inbox_more, which has the key.
create table inbox (
  seq integer primary key,
  conversation text not null,
  n integer not null,
  kind text not null,
  message text not null,
  session text not null,
  step integer not null,
  data text not null,
  at integer not null,
  previous integer not null
) strict;

create table inbox_more (
  conversation text not null,
  n integer not null,
  kind text not null,
  message text not null,
  session text not null,
  step integer not null,
  data text not null,
  at integer not null,
  other integer not null,
  primary key (conversation, n)
) strict, without rowid;
create index inbox_more_others on inbox_more (conversation, other, n) where other = 1;

create table sessions (
  id text not null primary key,
  brand text not null,
  conversation text not null,
  bot text not null,
  version text not null,
  state text not null,
  wait text not null,
  seed integer not null,
  steps integer not null,
  start text not null,
  created_at integer not null
) strict, without rowid;
create index sessions_conversation on sessions (conversation, created_at);
-- with state, so that the breaker counts without a look at the sessions
create index sessions_version on sessions (brand, version, created_at, state);
create index sessions_waiting on sessions (brand, id) where state = 'waiting';

create table journal (
  session text not null,
  n integer not null,
  call text not null,
  hash text not null,
  args text not null,
  answer text,
  line text not null,
  at integer not null,
  primary key (session, n)
) strict, without rowid;

create table outbox (
  seq integer primary key,
  id text not null unique,
  brand text not null,
  channel text not null,
  conversation text not null,
  kind text not null,
  recipient text not null,
  message text not null,
  part integer not null,
  parts integer not null,
  content text not null,
  session text not null,
  step integer not null,
  request text not null,
  state text not null,
  active integer not null,
  head integer not null,
  gate text not null,
  attempt integer not null,
  due_at integer not null,
  lease_until integer not null,
  tried_at integer not null,
  tries integer not null,
  lookups integer not null,
  denied_at integer not null,
  apart integer not null,
  provider_id text not null,
  receipt text not null,
  failure text not null,
  created_at integer not null
) strict;
-- active: pending, leased or unknown. head: the first active one of its
-- conversation and kind. gate: the channel whose circuit it waits for, '' for none.
create index outbox_line on outbox (conversation, kind, seq) where active = 1;
create index outbox_due on outbox (gate, due_at, seq) where head = 1 and state = 'pending';
create index outbox_leased on outbox (lease_until) where state = 'leased';
create index outbox_unsure on outbox (due_at) where state = 'unknown';
create index outbox_provider on outbox (channel, provider_id) where provider_id <> '';

create table circuits (
  channel text not null primary key,
  brand text not null,
  class text not null,
  code text not null,
  message text not null,
  failures integer not null,
  since integer not null,
  probe_at integer not null,
  probe text not null,
  settings text not null,
  told integer not null
) strict, without rowid;
create index circuits_brand on circuits (brand);

create table queue (
  conversation text not null primary key,
  brand text not null,
  skill text not null,
  priority integer not null,
  entered_at integer not null,
  level integer not null,
  raised integer not null,
  language text not null,
  agent text not null,
  avoid text not null,
  offered_to text not null,
  offer_expires integer not null,
  agent_until integer not null,
  tried_at integer not null,
  returned_at integer not null
) strict, without rowid;
create index queue_order on queue (brand, priority, entered_at);
create index queue_skill on queue (brand, skill, priority, entered_at);
create index queue_offered on queue (brand, offered_to) where offered_to <> '';
create index queue_agent on queue (brand, agent) where agent <> '';

-- How many wait, so that nobody has to count them.
create table queue_counts (
  brand text not null,
  skill text not null,
  n integer not null,
  primary key (brand, skill)
) strict, without rowid;
create trigger queue_put after insert on queue begin
  insert into queue_counts (brand, skill, n) values (new.brand, new.skill, 1) on conflict do update set n = n + 1;
end;
create trigger queue_moved after update of brand, skill on queue when (old.brand, old.skill) <> (new.brand, new.skill) begin
  update queue_counts set n = n - 1 where brand = old.brand and skill = old.skill;
  insert into queue_counts (brand, skill, n) values (new.brand, new.skill, 1) on conflict do update set n = n + 1;
end;
create trigger queue_left after delete on queue begin
  update queue_counts set n = n - 1 where brand = old.brand and skill = old.skill;
end;

create table timers (
  id text not null primary key,
  brand text not null,
  conversation text not null,
  session text not null,
  step integer not null,
  at integer not null
) strict, without rowid;
create index timers_at on timers (at);
create index timers_session on timers (session);

create table bot_values (
  brand text not null,
  key text not null,
  data text not null,
  version integer not null,
  expires_at integer not null,
  primary key (brand, key)
) strict;
create index bot_values_expiry on bot_values (expires_at) where expires_at > 0;

create table followups (
  id text not null primary key,
  brand text not null,
  consumer text not null,
  name text not null,
  channel text not null,
  address text not null,
  at integer not null,
  bot text not null,
  state text not null,
  unique (brand, consumer, name)
) strict, without rowid;
create index followups_at on followups (at);

create table version_changes (
  n integer primary key,
  brand text not null,
  version text not null,
  kind text not null,
  share integer not null,
  actor text not null,
  note text not null,
  at integer not null
) strict;
create index version_changes_brand on version_changes (brand, n);

create table faults (
  brand text not null,
  id text not null,
  fault text not null,
  conversations integer not null,
  count integer not null,
  first_at integer not null,
  last_at integer not null,
  sample text not null,
  primary key (brand, id)
) strict, without rowid;
create index faults_last on faults (brand, last_at);

create table fault_conversations (
  brand text not null,
  fault text not null,
  conversation text not null,
  at integer not null,
  primary key (brand, fault, conversation)
) strict, without rowid;
create index fault_conversations_at on fault_conversations (brand, fault, at);

create table utterances (
  brand text not null,
  n integer not null,
  conversation text not null,
  message text not null,
  text text not null,
  source text not null,
  state text not null,
  guesses text not null,
  intent text not null,
  question text not null,
  version text not null,
  judge text not null,
  at integer not null,
  primary key (brand, n)
) strict;
create unique index utterances_text on utterances (conversation, text);
create index utterances_state on utterances (brand, state, n);

create table tone_versions (
  brand text not null primary key,
  version integer not null
) strict, without rowid;

create table faq_feedback (
  brand text not null,
  question text not null,
  helped integer not null,
  unhelped integer not null,
  at integer not null,
  primary key (brand, question)
) strict, without rowid;

-- Each event names the one before it in its conversation, and the conversation
-- names its last: an index by conversation would dirty a page for each event.
create table events (
  seq integer primary key,
  at integer not null,
  brand text not null,
  conversation text not null,
  kind text not null,
  actor text not null,
  data text not null,
  previous integer not null,
  version integer not null
) strict;
create index events_brand on events (brand);

-- How far each projection has come in the log, and what it made of it.
create table projections (
  name text not null primary key,
  version integer not null,
  at integer not null
) strict, without rowid;

create table projection_rows (
  name text not null,
  key text not null,
  value text not null,
  primary key (name, key)
) strict, without rowid;

-- What processes on one store tell each other: who does what only one may do at a
-- time, from when on somebody may try again, and what all sign with.
create table leases (
  name text not null primary key,
  holder text not null,
  fence integer not null,
  until integer not null
) strict, without rowid;

create table marks (
  key text not null primary key,
  until integer not null
) strict, without rowid;
create index marks_until on marks (until);

create table keys (
  name text not null primary key,
  value text not null
) strict, without rowid;

-- What is known of files. due_at is when something is to be done with one, 0 for never.
create table blobs (
  id text not null primary key,
  brand text not null,
  channel text not null,
  conversation text not null,
  message text not null,
  place integer not null,
  owner text not null,
  state text not null,
  reason text not null,
  source text not null,
  kind text not null,
  mime text not null,
  name text not null,
  size integer not null,
  sha256 text not null,
  width integer not null,
  height integer not null,
  preview integer not null,
  due_at integer not null,
  attempt integer not null,
  created_at integer not null
) strict, without rowid;
create index blobs_due on blobs (due_at) where due_at > 0;
create index blobs_conversation on blobs (conversation) where conversation <> '';
create index blobs_loose on blobs (brand, owner) where conversation = '' and owner <> '';

-- +goose Down
drop table blobs;
drop table keys;
drop table marks;
drop table leases;
drop table projection_rows;
drop table projections;
drop table events;
drop table faq_feedback;
drop table tone_versions;
drop table utterances;
drop table fault_conversations;
drop table faults;
drop table version_changes;
drop table followups;
drop table bot_values;
drop table timers;
drop table queue;
drop table outbox;
drop table journal;
drop table sessions;
drop table inbox_more;
drop table inbox;
drop table messages;
drop table conversations;
drop table retention;
drop table consents;
drop table identities;
drop table consumers;
drop table tokens;
drop table logins;
drop table users;
drop table bundles;
drop table skills;
drop table channels;
drop table brands;
drop table probe;
drop table store;
