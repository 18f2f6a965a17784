"""A whole federation, made by SQL in sets: 10,000 units, 50,000 posts, 350,000 people, 430,000 holdings.

Societies with branches, and local associations of provinces, prefectures and counties, under the root of whatever
directory is loaded. Every unit had another name before 2012; each seat is held, leading seats were held by somebody
else before 2018. Names are drawn from common surnames and given names, so that a search for "wang" finds as many as
it would in life. `fill` runs as the owner; the derived columns come from the same functions that a site uses.
"""

from __future__ import annotations

from typing import Any

import psycopg

UNITS = 10_000
PEOPLE = 350_000

SURNAMES = [
    "王wang",
    "李li",
    "张zhang",
    "刘liu",
    "陈chen",
    "杨yang",
    "黄huang",
    "赵zhao",
    "吴wu",
    "周zhou",
    "徐xu",
    "孙sun",
    "马ma",
    "朱zhu",
    "胡hu",
    "郭guo",
    "何he",
    "林lin",
    "高gao",
    "罗luo",
    "郑zheng",
    "梁liang",
    "谢xie",
    "宋song",
    "唐tang",
    "许xu",
    "韩han",
    "邓deng",
    "冯feng",
    "曹cao",
    "彭peng",
    "曾zeng",
    "肖xiao",
    "田tian",
    "董dong",
    "潘pan",
    "袁yuan",
    "蔡cai",
    "蒋jiang",
    "余yu",
    "于yu",
    "杜du",
    "叶ye",
    "程cheng",
    "魏wei",
    "苏su",
    "吕lv",
    "丁ding",
    "任ren",
    "卢lu",
    "姚yao",
    "沈shen",
    "钟zhong",
    "姜jiang",
    "崔cui",
    "谭tan",
    "陆lu",
    "范fan",
    "汪wang",
    "廖liao",
    "石shi",
    "金jin",
]
GIVEN = [
    "伟wei",
    "芳fang",
    "娜na",
    "敏min",
    "静jing",
    "丽li",
    "强qiang",
    "磊lei",
    "军jun",
    "洋yang",
    "勇yong",
    "艳yan",
    "杰jie",
    "涛tao",
    "明ming",
    "超chao",
    "秀xiu",
    "霞xia",
    "平ping",
    "刚gang",
    "桂gui",
    "英ying",
    "华hua",
    "玉yu",
    "兰lan",
    "红hong",
    "梅mei",
    "建jian",
    "国guo",
    "文wen",
    "志zhi",
    "海hai",
    "春chun",
    "晓xiao",
    "东dong",
    "雪xue",
    "云yun",
    "峰feng",
    "龙long",
    "飞fei",
    "鹏peng",
    "宇yu",
    "浩hao",
    "然ran",
    "博bo",
    "思si",
    "雨yu",
    "佳jia",
    "欣xin",
    "怡yi",
    "子zi",
    "轩xuan",
    "梓zi",
    "涵han",
    "一yi",
    "诺nuo",
    "嘉jia",
    "俊jun",
    "凯kai",
    "辰chen",
]

_UNITS = """
create temp table made on commit drop as
select n, case
    when n <= 200 then 'MEMBER_SOCIETY' when n <= 2000 then 'AFFILIATED' else 'LOCAL_ASSOCIATION' end as kind,
  case when n <= 200 then 0 when n <= 2000 then (n - 201) %% 200 + 1      -- a society's branch
       when n <= 2031 then 0                                             -- a province
       when n <= 2341 then 2001 + (n - 2032) %% 31                        -- a prefecture
       else 2032 + (n - 2342) %% 310 end as above                         -- a county
from generate_series(1, %(units)s) n;
alter table made add column id bigint;
update made set id = nextval('directory_unit_id_seq');
create unique index on made (n);

insert into directory_unit (id, code, name_en, name_zh, kind, parent_id, position, functions_en, functions_zh, during,
    is_void, reason, version)
select m.id, 'U' || m.n, 'Unit ' || m.n, '单位' || m.n, m.kind, coalesce(a.id, %(root)s), m.n, '', '', '[2000-01-01,)',
  false, '', 1
from made m left join made a on a.n = m.above;

insert into directory_unitterm (unit_id, name_en, name_zh, kind, parent_id, position, functions_en, functions_zh,
  during,
    decision, keys, is_void, reason, version)
select m.id, era.name_en || m.n, era.name_zh || m.n, m.kind, coalesce(a.id, %(root)s), m.n,
  'Serves members of field ' || m.n,
  '服务第' || m.n || '领域会员', era.during, '', to_tsvector('simple', era.name_en || m.n), false, '', 1
from made m left join made a on a.n = m.above
cross join (values ('Former unit ', '原单位', daterange('2000-01-01', '2012-01-01')), ('Unit ', '单位',
  daterange('2012-01-01', null)))
  era (name_en, name_zh, during);
"""

_POSTS = """
create temp table made_posts on commit drop as
select nextval('directory_post_id_seq') as id, m.n, m.id as unit_id, k.*
from made m cross join (values
  (1, 'chair', 'Chair', '主席', 1, true, 'OTHER', 0), (2, 'vice', 'Vice chair', '副主席', 4, false, 'OTHER', 1),
  (3, 'sg', 'Secretary general', '秘书长', 1, true, 'OTHER', 5), (4, 'dsg', 'Deputy secretary general', '副秘书长', 3,
    false,
    'OTHER', 6),
  (5, 'member', 'Council member', '理事', 26, false, 'STAFF', 9)) k (place, code, title_en, title_zh, seats, is_public,
    rank, before);

insert into directory_post (id, unit_id, code, title_en, title_zh, heading_en, heading_zh, rank, is_leading, seats,
  position,
    is_public, during, is_void, reason, version)
select id, unit_id, code, title_en, title_zh, '', '', rank, place <= 2, seats, place, is_public, '[2000-01-01,)',
  false, '', 1
from made_posts;
insert into directory_postterm (post_id, title_en, title_zh, heading_en, heading_zh, rank, is_leading, seats,
  position, during,
    decision, keys, is_void, reason, version)
select id, title_en, title_zh, '', '', rank, place <= 2, seats, place, '[2000-01-01,)', '', to_tsvector('simple',
  title_en), false, '', 1
from made_posts;
"""

_PEOPLE = """
create temp table made_people on commit drop as
select nextval('directory_person_id_seq') as id, n,
  left(f, 1) as f_zh, substr(f, 2) as f_py, left(g, 1) as g_zh, substr(g, 2) as g_py, left(h, 1) as h_zh, substr(h,
    2) as h_py
from (select n,
    -- the commonest surnames are far commoner than the rest
    (%(surnames)s::text[])[1 + floor(power(abs(hashint8(n)::bigint) %% 10007 / 10007.0,
      2) * %(surname_count)s)::int] as f,
    (%(given)s::text[])[1 + abs(hashint8(n * 7 + 1)::bigint) %% %(given_count)s] as g,
    (%(given)s::text[])[1 + abs(hashint8(n * 13 + 5)::bigint) %% %(given_count)s] as h
  from generate_series(1, %(people)s) n) drawn;

insert into directory_person (id, code, name_en, name_zh, sort_key, initials, keys, label, is_public, is_sample,
  reason, version)
select id, 'p' || n, initcap(f_py) || ' ' || initcap(g_py || h_py), f_zh || g_zh || h_zh,
  f_py || ' ' || g_py || ' ' || h_py,
  left(f_py, 1) || left(g_py, 1) || left(h_py, 1),
  setweight(array_to_tsvector(array[f_py, g_py || h_py, f_py || g_py || h_py, h_py, left(f_py,
    1) || left(g_py || h_py, 1),
    left(f_py, 1) || left(g_py, 1) || left(h_py, 1), f_zh || g_zh || h_zh, g_zh || h_zh, h_zh]), 'A'),
  case when n %% 500 = 0 then 20 else 10 end, false, false, '', 1
from made_people;
"""

_HOLDINGS = """
insert into directory_holding (person_id, post_id, seat, kind, during, decision, is_void, reason, version)
select q.id, p.id, s, 'SUBSTANTIVE', case when p.place <= 4 then daterange('2018-01-01',
  null) else daterange('2015-01-01', null) end,
  '', false, '', 1
from made_posts p cross join lateral generate_series(1, p.seats) s
join made_people q on q.n = (p.n - 1) * 35 + p.before + s
where not (q.n %% 500 = 0 and p.is_public);
insert into directory_holding (person_id, post_id, seat, kind, during, decision, is_void, reason, version)
select q.id, p.id, s, 'SUBSTANTIVE', daterange('2010-01-01', '2018-01-01'), '', false, '', 1
from made_posts p cross join lateral generate_series(1, p.seats) s
join made_people q on q.n = (p.n %% %(units)s) * 35 + p.before + s
where p.place <= 4 and not (q.n %% 500 = 0 and p.is_public);
"""

_DERIVED = """
select directory_close_tree(array(select id from made));
update directory_person q set is_public = true
where exists (select 1 from directory_holding h join directory_post o on o.id = h.post_id where h.person_id = q.id
  and o.is_public);
"""


def fill(connection: psycopg.Connection, *, units: int = UNITS, people: int = PEOPLE) -> None:
    """Make the federation in the database `connection` is on, as its owner. The rows obey every law; triggers rest."""
    facts = {
        "units": units, "people": people, "surnames": SURNAMES, "surname_count": len(SURNAMES), "given": GIVEN,
        "given_count": len(GIVEN),
    }  # fmt: skip
    with connection.transaction():
        # Triggers and foreign keys row by row would take longer than all the rest; constraints still hold.
        connection.execute("set local session_replication_role = replica")
        root = connection.execute(
            "select id from directory_unit where parent_id is null order by id limit 1"
        ).fetchone()
        facts["root"] = root[0] if root else None
        for sql in (_UNITS, _POSTS, _PEOPLE, _HOLDINGS, _DERIVED):
            for statement in sql.split(";\n"):
                if statement.strip():
                    connection.execute(statement, facts)
    connection.execute("analyze")


def load_seed() -> None:
    """The directory of the published page, as a site loads it."""
    from pathlib import Path

    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.kernel import directory
    from chancery.kernel.directory.loading.services import load_file

    load_file(path=Path(directory.__file__).parent / "data/seed.toml", by=SYSTEM, at=clock.now(), apply=True)


def fill_embedded(server: Any) -> None:
    """`fill` on a site's embedded server."""
    with psycopg.connect(**server.params(), dbname="chancery", autocommit=True) as connection:
        fill(connection)
        connection.execute("vacuum analyze")
