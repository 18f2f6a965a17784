"""The directory for other programs: W3C ORG and schema.org as JSON-LD, vCard 4, CSV, XLSX; of any day.

Users: anybody, and any program. Standards: The Organization Ontology (W3C Recommendation, 16 January 2014), RFC 6350,
schema.org,
  RFC 4180. A vacant post is an org:Post without org:heldBy; someone heading two bodies has two org:Membership.
"""
