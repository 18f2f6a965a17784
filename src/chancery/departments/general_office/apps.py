"""Django's handle on this app."""

from django.apps import AppConfig

_PETITIONS = "general_office/petitions"


class GeneralOfficeConfig(AppConfig):
    """General Office."""

    name = "chancery.departments.general_office"
    label = "general_office"

    def ready(self) -> None:
        """Put the card, the procedures and the words of acts on their boards."""
        from chancery.departments.general_office import department
        from chancery.departments.general_office.archives.appraisal import queries as appraisal
        from chancery.departments.general_office.archives.appraisal.procedures import bindings as appraisal_bindings
        from chancery.departments.general_office.archives.handover import queries as handover_queries
        from chancery.departments.general_office.archives.handover import terms as handover
        from chancery.departments.general_office.archives.handover.procedures import bindings as handover_bindings
        from chancery.departments.general_office.archives.loans import queries as loans
        from chancery.departments.general_office.archives.loans import terms as loan_terms
        from chancery.departments.general_office.archives.loans.procedures import bindings as loan_bindings
        from chancery.departments.general_office.archives.openings import terms as openings
        from chancery.departments.general_office.archives.openings.procedures import bindings as opening_bindings
        from chancery.departments.general_office.archives.planning.procedures import bindings as planning_bindings
        from chancery.departments.general_office.archives.reading import queries as reading
        from chancery.departments.general_office.archives.reading import terms as reading_terms
        from chancery.departments.general_office.archives.reading.procedures import bindings as reading_bindings
        from chancery.departments.general_office.archives.storage import queries as storage_queries
        from chancery.departments.general_office.archives.storage import terms as storage
        from chancery.departments.general_office.archives.transfers import queries as transfer_queries
        from chancery.departments.general_office.archives.transfers import terms as transfers
        from chancery.departments.general_office.archives.transfers.procedures import bindings as transfer_bindings
        from chancery.departments.general_office.confidential_work import queries as confidential
        from chancery.departments.general_office.confidential_work.classification import (
            queries as classification_queries,
        )
        from chancery.departments.general_office.confidential_work.classification import terms as classification
        from chancery.departments.general_office.confidential_work.classification.procedures import (
            bindings as classification_bindings,
        )
        from chancery.departments.general_office.confidential_work.review import terms as review
        from chancery.departments.general_office.confidential_work.sight import terms as sight
        from chancery.departments.general_office.finding import queries as finding_sources
        from chancery.departments.general_office.finding import terms as finding
        from chancery.departments.general_office.incoming_documents import queries as incoming
        from chancery.departments.general_office.incoming_documents import terms
        from chancery.departments.general_office.incoming_documents.filing import queries as incoming_filing_queries
        from chancery.departments.general_office.incoming_documents.filing import services as incoming_filing
        from chancery.departments.general_office.incoming_documents.filing import terms as incoming_filing_terms
        from chancery.departments.general_office.incoming_documents.inside import services as inside
        from chancery.departments.general_office.incoming_documents.inside import terms as inside_terms
        from chancery.departments.general_office.incoming_documents.inside.procedures import bindings as inside_bindings
        from chancery.departments.general_office.incoming_documents.procedures import bindings
        from chancery.departments.general_office.outgoing_documents import rules as outgoing_rules
        from chancery.departments.general_office.outgoing_documents import terms as outgoing
        from chancery.departments.general_office.outgoing_documents.address_book import terms as address_book
        from chancery.departments.general_office.outgoing_documents.comments import terms as comments
        from chancery.departments.general_office.outgoing_documents.correction import terms as correction
        from chancery.departments.general_office.outgoing_documents.dispatch import services as dispatch
        from chancery.departments.general_office.outgoing_documents.dispatch import terms as dispatch_terms
        from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
        from chancery.departments.general_office.outgoing_documents.drafting import terms as drafting_terms
        from chancery.departments.general_office.outgoing_documents.exchange import terms as exchange
        from chancery.departments.general_office.outgoing_documents.filing import queries as outgoing_filing_queries
        from chancery.departments.general_office.outgoing_documents.filing import services as outgoing_filing
        from chancery.departments.general_office.outgoing_documents.filing import terms as outgoing_filing_terms
        from chancery.departments.general_office.outgoing_documents.issuing import terms as issuing_terms
        from chancery.departments.general_office.outgoing_documents.issuing.series import queries as issuing
        from chancery.departments.general_office.outgoing_documents.procedures import bindings as outgoing_bindings
        from chancery.departments.general_office.petitions import terms as petitions
        from chancery.departments.general_office.petitions.counting import terms as petition_counting_terms
        from chancery.departments.general_office.petitions.counting.register import queries as petition_counting
        from chancery.departments.general_office.petitions.custody import queries as petition_custody
        from chancery.departments.general_office.petitions.desk import queries as petition_desk
        from chancery.departments.general_office.petitions.desk import terms as petition_desk_terms
        from chancery.departments.general_office.petitions.desk.visits import queries as petition_visits
        from chancery.departments.general_office.petitions.desk.visits import terms as petition_visit_terms
        from chancery.departments.general_office.petitions.door import queries as petition_door
        from chancery.departments.general_office.petitions.door import terms as petition_door_terms
        from chancery.departments.general_office.petitions.door.terms import SLOTS
        from chancery.departments.general_office.petitions.handling import services as handling
        from chancery.departments.general_office.petitions.handling import terms as handling_terms
        from chancery.departments.general_office.petitions.handling.procedures import bindings as handling_bindings
        from chancery.departments.general_office.petitions.handling.showing import queries as handling_shown
        from chancery.departments.general_office.petitions.keeping import queries as petition_keeping_queries
        from chancery.departments.general_office.petitions.keeping import services as petition_keeping
        from chancery.departments.general_office.petitions.keeping import terms as petition_keeping_terms
        from chancery.departments.general_office.petitions.letters import queries as petition_letters
        from chancery.departments.general_office.petitions.letters import terms as petition_letter_terms
        from chancery.departments.general_office.petitions.letters.register import queries as petition_letter_rows
        from chancery.departments.general_office.petitions.likeness import queries as petition_likeness
        from chancery.departments.general_office.petitions.likeness import services as petition_likeness_services
        from chancery.departments.general_office.petitions.likeness import terms as petition_likeness_terms
        from chancery.departments.general_office.petitions.second import queries as second_queries
        from chancery.departments.general_office.petitions.second import services as second
        from chancery.departments.general_office.petitions.second import terms as second_terms
        from chancery.departments.general_office.petitions.second.procedures import bindings as second_bindings
        from chancery.foundations import card
        from chancery.foundations.journal.terms import register_acts
        from chancery.foundations.web import frame
        from chancery.kernel.records import terms as records
        from chancery.kernel.records.archive import terms as archive
        from chancery.kernel.records.archive import terms as archive_terms

        register_acts(openings.ACTS)
        petition_door.open_door()
        card.register(department.CARD)
        records.register_series(terms.SERIES, "Incoming documents", "收文")
        records.register_search_kind(
            "incoming", terms.SEARCH_KIND, "general_office:incoming_document", finding.INCOMING_STATES
        )
        records.register_series_source(issuing_terms.SERIES_PREFIX, issuing.series_named)
        records.register_search_kind(
            "outgoing", outgoing.SEARCH_KIND, "general_office:outgoing_document", finding.OUTGOING_STATES
        )
        records.register_search_kind(
            "petition", petitions.SEARCH_KIND, "general_office:petition", finding.PETITION_STATES
        )
        for source in finding_sources.SOURCES:
            records.register_search_source(source)
        register_acts(terms.ACTS)
        register_acts(outgoing.ACTS)
        register_acts(issuing_terms.ACTS)
        for acts in (address_book.ACTS, comments.ACTS, drafting_terms.ACTS):
            register_acts(acts)
        drafting.register_sources()
        for acts in (inside_terms.ACTS, dispatch_terms.ACTS, correction.ACTS, exchange.ACTS):
            register_acts(acts)
        records.register_series(inside_terms.SERIES, "Documents from inside the house", "内部来文")
        inside.listen(dispatch.DESKS)
        register_acts(petitions.ACTS)
        petition_custody.take_part()
        for acts in (petition_letter_terms.ACTS, petition_keeping_terms.ACTS, petition_counting_terms.ACTS):
            register_acts(acts)
        outgoing_rules.FURTHER_LOOKS.append(petition_letters.look)
        outgoing_filing_terms.FILED_WITH.append(petition_letters.is_letter)
        outgoing.WITHOUT_LABEL.append(petition_letters.is_to_sender)
        petition_door_terms.SLOTS.letters = petition_letters.told
        petition_door_terms.SLOTS.letter = petition_letters.told_file
        petitions.register_section(
            petitions.Section(
                "letters", "general_office/petitions/letters/section.html", petition_letters.section, place=60
            )
        )
        petitions.register_section(
            petitions.Section(
                "keeping",
                "general_office/petitions/keeping/section.html",
                petition_keeping_queries.section,
                place=80,
                beside=True,
            )
        )
        petitions.register_desk("letters", petition_letter_rows.desk)
        petitions.register_desk("counting", petition_counting.desk)
        petitions.register_links("counting", petition_counting.links)
        petitions.register_desk("keeping", petition_keeping_queries.desk)
        petitions.follow(petition_keeping.follow)
        archive.register_source(
            archive.Source(
                petition_keeping_terms.KIND,
                "Petition",
                "信访件",
                gather=petition_keeping.gather,
                hindrances=petition_keeping_queries.hindrances_of_subject,
                purge=petition_keeping.purge,
                url=petition_keeping_queries.url_of,
            )
        )
        for acts in (petition_desk_terms.ACTS, petition_visit_terms.ACTS, petition_likeness_terms.ACTS):
            register_acts(acts)
        petitions.take(petition_likeness_services.sign_new)
        petitions.register_section(
            petitions.Section("likeness", f"{_PETITIONS}/likeness/section.html", petition_likeness.section, 60)
        )
        petitions.register_section(
            petitions.Section("arrival", f"{_PETITIONS}/desk/section.html", petition_desk.section, 70, beside=True)
        )
        petitions.register_section(
            petitions.Section("visits", f"{_PETITIONS}/desk/visits/section.html", petition_visits.section, 80)
        )
        petitions.register_desk("desk", petition_desk.lines)
        petitions.register_desk("visits", petition_visits.lines)
        petitions.register_desk("likeness", petition_likeness.lines)
        petitions.register_links("desk", petition_desk.links)
        petitions.register_links("likeness", petition_likeness.links)
        register_acts(handling_terms.ACTS)
        register_acts(second_terms.ACTS)
        handling_bindings.bring()
        second_bindings.bring()
        petitions.follow(handling.follow_state)
        handling_shown.take_part()
        SLOTS.answered, SLOTS.withdrawn = handling.sender_answered, handling.withdraw
        SLOTS.review, SLOTS.asked = second_queries.offered, second.ask_review
        records.register_series(petitions.SERIES, "Letters and visits", "信访")
        confidential.take_part()
        register_acts(classification.ACTS)
        register_acts(review.ACTS)
        register_acts(sight.ACTS)
        frame.fill("matter_label", "general_office/confidential_work/classification/matter.html")
        archive.register_section(
            archive.Section(
                "level",
                "general_office/confidential_work/classification/item.html",
                classification_queries.section_of_item,
                place=20,
            )
        )
        classification_bindings.bring()
        register_acts(handover.ACTS)
        register_acts(storage.ACTS)
        archive.register_box_page(storage_queries.box_page)
        register_acts(transfers.ACTS)
        records.register_series(transfers.SERIES, "Transfer lists", "进馆移交清册")
        archive.register_section(
            archive.Section("transfer", "general_office/archives/transfers/section.html", transfer_queries.section, 90)
        )
        records.register_series(handover.SERIES, "Hand-over lists", "移交清册")
        handover_bindings.bring()
        archive.register_section(
            archive.Section("handover", "general_office/archives/handover/section.html", handover_queries.section, 20)
        )
        archive.register_section(
            archive.Section("storage", "general_office/archives/storage/section.html", storage_queries.section, 30)
        )
        appraisal_bindings.bring()
        transfer_bindings.bring()
        opening_bindings.bring()
        archive_terms.register_section(
            archive_terms.Section("disposal", "general_office/archives/appraisal/section.html", appraisal.section, 50)
        )
        planning_bindings.bring()
        reading_bindings.bring()
        loan_bindings.bring()
        register_acts(reading_terms.ACTS)
        register_acts(loan_terms.ACTS)
        archive.register_section(
            archive.Section("reading", "general_office/archives/reading/section.html", reading.section, place=10)
        )
        archive.register_section(
            archive.Section("loans", "general_office/archives/loans/section.html", loans.section, place=30)
        )
        bindings.bring()
        inside_bindings.bring()
        outgoing_bindings.bring()
        incoming.register_sources()
        for kind, en, zh in (
            (incoming_filing_terms.KIND, "Incoming document", "收文"),
            (incoming_filing_terms.INSIDE, "Document from inside the house", "内部来文"),
        ):
            archive.register_source(
                archive.Source(
                    kind,
                    en,
                    zh,
                    gather=incoming_filing.gather,
                    hindrances=incoming_filing_queries.hindrances_of_subject,
                    purge=incoming_filing.purge,
                    url=incoming_filing_queries.url_of,
                    types=lambda: dict(terms.Kind.choices),
                )
            )
        archive.register_source(
            archive.Source(
                outgoing_filing_terms.KIND,
                "Outgoing document",
                "发文",
                gather=outgoing_filing.gather,
                hindrances=outgoing_filing_queries.hindrances_of_subject,
                purge=outgoing_filing.purge,
                url=outgoing_filing_queries.url_of,
            )
        )
