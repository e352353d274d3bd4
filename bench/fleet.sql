-- A fleet after 30 days: {cabinets} cabinets with {pockets} pockets, {each} facts each. Written without any post; hashes are none,
-- since nothing that is asked looks at one. Statements end at an empty line.
create function cabinet(c int) returns text immutable language sql as $$ select 'c' || lpad(c::text, 4, '0') $$

insert into cabinet (cabinet, newest, state, mode, epoch, boot, session, since, software, config, contract, heard_at, name, area)
select cabinet(c), {epoch}, case when c % 50 = 0 then 'offline' else 'online' end, 'normal', {epoch}, 1, 1, '{now}',
    '1.0', 'bench', '1', '{now}', 'Ward ' || c, 'area-' || c % 20
from generate_series(0, {cabinets} - 1) c

insert into head (cabinet, epoch, seq, hash, journal, held_at)
select cabinet(c), {epoch}, {each}, md5(c::text) || md5(c::text), 'j' || c, '{now}'
from generate_series(0, {cabinets} - 1) c

alter table pocket disable trigger user

insert into pocket (cabinet, epoch, pocket, units, item, drawer, par, min, critical_low, count_mode, told_seq, told_item, told_status,
    name, strength, form, unit, expiry)
select cabinet(c), {epoch}, 'm' || lpad(p::text, 3, '0'),
    case when p = {pockets} - 1 or (c * 7 + p) % 30 = 0 then 0 when (c + p) % 15 = 0 then 5 else 20 end, 'item-' || i, 'd' || p / 30,
    case when p = {pockets} - 1 then 0 else 30 end, case when p = {pockets} - 1 then 0 else 10 end, 3, 'units', 1, 'item-' || i, 'ok', 'Item ' || i, '10 mg', 'tablet', 'tablets', '2027-05-31'
from generate_series(0, {cabinets} - 1) c, generate_series(0, {pockets} - 1) p, lateral (select (c * 13 + p) % {items} as i) item
order by c, p

alter table pocket enable trigger user

insert into total (cabinet, epoch, "out", critical, low, ok)
select cabinet, epoch, count(*) filter (where status = 'out'), count(*) filter (where status = 'critical'),
    count(*) filter (where status = 'low'), count(*) filter (where status = 'ok')
from pocket group by cabinet, epoch

-- 19 of 20 cabinets were rounded: what they need stands on a list.
insert into need (cabinet, pocket, rank, item, units, min, par, units_needed, urgency, why, at, is_listed)
select cabinet, pocket, case status when 'out' then 0 else 2 end, item, units, min, par, par - units,
    case status when 'out' then 'stat' else 'soon' end,
    case status when 'out' then 'stock_out' else 'below_min' end, '{now}',
    (right(cabinet, 4)::int % 20 > 0)::int
from pocket where status in ('out', 'low') and par > 0

insert into pick_list (list, cabinet, round, position, stage, carried_by, announced_at)
select 'p260101-' || case when c < 1000 then lpad(c::text, 3, '0') else 'a' || c end, cabinet(c), '', c,
    case when c % 400 = 1 then 'on_its_way' else (array['made', 'picking', 'picked', 'checked'])[1 + c % 4] end, '', ''
from generate_series(0, {cabinets} - 1) c where c % 20 > 0

insert into pick_line (list, number, cabinet, pocket, item, units, held, why, needs_check, needs_sheet, is_open, picked, reason, lot, expiry,
    is_scanned, picked_by, checked_by, sheet, filled, why_not, waits)
select list, row_number() over (partition by list order by pocket), cabinet, pocket, item, units_needed, units, why, 0, 0, 1,
    case when stage <> 'made' then units_needed end, '', null, null, 0, '', '', '', 0, '', ''
from need join pick_list using (cabinet)

insert into pick_step (list, number, stage, at, by, said) select list, 1, 'made', '{now}', 'the calendar', '' from pick_list

insert into discrepancy (cabinet, discrepancy, epoch, seq, at, pocket, item, expected, counted, basis, since_seq,
    resolved_at, resolved_by, reason)
select cabinet(c), 'x' || p, {epoch}, p, to_char(timestamp '{start}' + interval '1 day' * ((c + p) % 30), 'YYYY-MM-DD"T06:00:00.000000Z"'), 'm001', 'item-1',
    10, 9, 'blind_count', 1, case when (c + p) % 9 > 0 then to_char(timestamp '{start}' + interval '1 day' * ((c + p) % 30),
        'YYYY-MM-DD"T12:00:00.000000Z"') end, 'nurse-1', 'miscount'
from generate_series(0, {cabinets} - 1) c, generate_series(1, 10) p

insert into alert (cabinet, code, detail, at)
select cabinet(c), 'drawer.jammed', 'Drawer ' || p || ' does not open', '{now}'
from generate_series(0, {cabinets} - 1) c, generate_series(1, 3) p

insert into fact (cabinet, epoch, seq, id, at, type, access, staff, body, prev_hash, hash)
select cabinet(c), {epoch}, s, 'f' || lpad(s::text, 30, '0'),
    to_char(timestamp '{start}' + s * interval '30 days' / {each}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    case when s = 1 then 'journal_begun' when s % 5 = 0 then 'units_moved' else 'drawer_closed' end, 'a' || s / 5, 'nurse-' || s % 40,
    case when s % 5 = 0 then '{"item":"item-' || s % {items} || '","lot":null,"part_m":0,"place":null,"pocket":"m001","source":"pocket",'
        || '"target":"patient","units":1}' else '{"drawer":"d1"}' end,
    repeat('0', 64), repeat('0', 64)
from generate_series(0, {cabinets} - 1) c, generate_series(1, {each}) s

insert into activity (cabinet, epoch, seq, place, access, at, kind, item, pocket, staff, witness, patient, order_id, authority, reason, phase, code,
    asked_at, open_ms, asked, units, back_m, waste_m, counts, variances, is_linked, found, left_units, keeps_days, moved_to)
select cabinet(c), {epoch}, a * 12, 0, 'a' || a, at, case when a % 9 = 0 then 'refill' else 'withdraw' end, 'item-' || (c * 13 + a * 7) % {items},
    'm' || lpad((a * 7 % {pockets})::text, 3, '0'), 'nurse-' || (c / 20) || '-' || a % 40, '', 'p' || (c * 7 + a) % 20000, 'o' || a,
    case when a % 25 = 0 then 'override' else 'order' end, '', 'settled', case when a % 200 = 0 then 'stock.out' else '' end, at, 9000, 1, 1, 0, 0, 1,
    case when a % 150 = 0 then 1 else 0 end, case when a % 50 = 0 then 0 else 1 end, '', 10, null, ''
from generate_series(0, {cabinets} - 1) c, generate_series(1, {each} / 12) a, lateral (
    select to_char(timestamp '{start}' + a * interval '30 days' / ({each} / 12), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at) day

insert into shelf_day (cabinet, day, pocket_s, empty_s, shut_s, unit_s)
select cabinet(c), to_char(timestamp '{start}' + d * interval '1 day', 'YYYY-MM-DD'), 86400 * {pockets}, 86400 * (c % 9), 60, 86400 * 15 * {pockets}
from generate_series(0, {cabinets} - 1) c, generate_series(0, 29) d

insert into followed (cabinet, epoch, seq, memory) select cabinet, epoch, seq, '' from head

insert into document_held (cabinet, document, version, sha256, state, reason, at, refused_version, heard_at)
select cabinet, document, version, sha256, 'accepted', '', '{now}', 0, '{now}' from cabinet, document_version

vacuum (analyze, freeze)
