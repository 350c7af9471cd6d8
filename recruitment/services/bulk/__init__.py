"""Many openings at once: checked row by row, all stored or none, as drafts or sent for approval.

Up to SMALL rows are done while the person waits, in one transaction. A larger file is worked on in slices (recruitment.tasks
asks for one after the other): rows are checked chunk by chunk, stored in one transaction, and sent one by one (decision 0009).
"""

from recruitment.services.bulk.handing_in import SMALL, hand_in
from recruitment.services.bulk.slices import unfinished, work_on

__all__ = ["SMALL", "hand_in", "unfinished", "work_on"]
