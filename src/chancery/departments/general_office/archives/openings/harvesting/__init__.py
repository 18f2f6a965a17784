"""OAI-PMH 2.0: what is open, for harvesters. https://www.openarchives.org/OAI/2.0/openarchivesprotocol.htm"""
