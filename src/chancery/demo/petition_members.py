"""Those of the cast who work with petitions alone."""

from __future__ import annotations

from chancery.demo.seats import Member, Seat

PETITIONS: tuple[Member, ...] = (
    Member(
        "petition_registrar",
        "Jin Hui",
        "金慧",
        "Registers letters and visits and blacks out who sent them.",
        "登记来信来访，遮蔽信访人身份。",
        (
            Seat(
                "GO",
                "sample-petition-registrar",
                "Registrar of petitions (sample)",
                "信访登记员（样例）",
                (("petition_registrar", "GO"),),
            ),
        ),
    ),
    Member(
        "petition_officer",
        "Cao Ning",
        "曹宁",
        "Accepts petitions, transfers and assigns them.",
        "受理、转送、交办信访事项。",
        (
            Seat(
                "GO",
                "sample-petition-officer",
                "Petitions officer (sample)",
                "信访工作人员（样例）",
                (("petition_officer", "GO"),),
            ),
        ),
    ),
    Member(
        "petition_custodian",
        "Gu Yan",
        "顾严",
        "Keeps who sent a petition apart, and opens it on a reasoned request.",
        "保管信访人身份信息，依说明理由的申请开封。",
        (
            Seat(
                "GO",
                "sample-petition-custodian",
                "Custodian of identity (sample)",
                "信访人身份保管员（样例）",
                (("petition_custodian", "GO"),),
            ),
        ),
    ),
    Member(
        "petition_reviewer",
        "Shao Qin",
        "邵琴",
        "Reviews what was answered at first.",
        "对初次处理意见进行复查。",
        (
            Seat(
                "OP",
                "sample-petition-reviewer",
                "Reviewer of petitions (sample)",
                "信访复查员（样例）",
                (("petition_reviewer", "CAST"),),
            ),
        ),
    ),
    Member(
        "petition_rereviewer",
        "Nie Feng",
        "聂峰",
        "Re-reviews what was reviewed.",
        "对复查意见进行复核。",
        (
            Seat(
                "ES",
                "sample-petition-rereviewer",
                "Re-reviewer of petitions (sample)",
                "信访复核员（样例）",
                (("petition_rereviewer", "CAST"),),
            ),
        ),
    ),
)
