"""Who may do what: one letter for each of the actors, in their order. Read a row aloud before changing it.

The object belongs to Customer Service and was written by aylin; its reply waits for review.
"""

ACTORS = ("nobody", "gone", "aylin", "bastian", "rita", "samuel", "lena", "nele", "farida", "henrik", "max")
# nobody is not signed in, gone is switched off; aylin wrote it, bastian is her colleague, rita team lead, samuel deputy, lena lead;
# nele, farida and henrik (agent, team lead, lead) belong to Business Customers below; max is the administrator.

OPEN_TO_ALL: set[str] = set()
TABLE: dict[str, dict[str, str]] = {}
