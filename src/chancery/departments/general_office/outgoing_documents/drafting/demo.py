"""What the sample drafters write: texts of office papers in both languages, in our own words."""

from __future__ import annotations

BUDGET = """为做好二〇二七年度预算编制工作，现将有关事项通知如下。
一、总体要求
坚持量入为出、勤俭节约，优先保障学术交流、科学普及和决策咨询等重点工作。
二、编制内容
（一）收入预算按来源分列，应编尽编。
（二）支出预算细化到具体项目，说明测算依据。
三、报送时间
请各部门于十二月十日前将预算建议报送计划财务部。逾期未报的，按上年基数核定。"""
SHORT = """为加强工作统筹，现将有关事项通知如下。
一、请结合职责分工，对照年度计划逐项核对进展情况。
二、对尚未完成的事项，说明原因并提出下一步安排。
三、有关材料请于本月二十五日前报送，联系人：陆嘉（样例）。"""
LETTER = """为推动学术资源共享，我部拟于明年第二季度举办系列学术讲座。
现商请贵单位提供场地和专家支持。讲座共四场，每场约一百五十人，经费由我部承担。
妥否，请函复。"""
REQUEST = """为保障学术会议顺利举办，拟申请调整部分项目经费。
一、调整原因
因会议规模扩大，原定场地不能满足需要。
二、调整方案
从办公经费中调剂十二万元，用于场地租用和线上直播。总额不变。
妥否，请批示。"""
REPORT = """现将上半年预算执行情况报告如下。
一、总体情况
截至六月底，预算执行进度为百分之五十三，高于序时进度三个百分点。
二、主要做法
建立月度通报制度，对进度偏慢的项目逐一会商。
三、下一步工作
继续压减一般性支出，加快重点项目执行。"""
MINUTES = """十一月十日，机关召开专题会议，研究年度学术年会筹备工作。现纪要如下。
一、会议听取了筹备情况汇报，原则同意总体方案。
二、会议明确，会务工作由学会学术部牵头，计划财务部做好经费保障。
三、会议要求，严格执行会议费管理规定，不得超标准接待。"""
OPINION = """为规范学术会议管理，提出如下意见。
一、严格计划管理。会议实行年度计划，未列入计划的原则上不举办。
二、提高会议质量。突出学术主题，压缩礼仪性安排。
三、强化监督检查。会后一个月内报送总结和经费决算。"""
DECISION = """为表彰先进，激励广大科技工作者，决定对在学术交流和科学普及工作中表现突出的集体予以表扬。
希望受表扬的集体珍惜荣誉，再接再厉。各单位要以先进为榜样，扎实工作，作出新的贡献。"""
PUBLIC = """为方便科技工作者参加活动，现将有关事项公告如下。
一、开放日定于十二月五日举行，预约名额三百人。
二、预约自本公告发布之日起开始，额满为止。
三、参观时请遵守场馆规定。"""

RESOLVE = """The annual budget of the federation for 2027 is set out below.
1. Scope
Every department puts forward its own figures, with the reasons for any increase.
2. Dates
Proposals reach the Department of Planning and Finance by 10 December.
3. Questions
Questions are answered by the drafter named below (sample)."""
WRITE = """We are preparing a series of four public lectures for the second quarter of next year.
We should be glad if you could offer a hall for about 150 people and suggest two speakers.
All costs will be borne by this department. We look forward to your reply."""
TELL = """This notice concerns all departments.
1. Please compare the year's plan with what has been done.
2. Where something is late, say why and what comes next.
3. Send your note by the 25th of this month."""
