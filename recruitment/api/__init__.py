"""Openings for other systems: the published ones for everybody, the own ones for an organization's key.

The same services as the pages; refusals carry the same sentences. Money is in minor units with its currency.
"""

from recruitment.api.imports import OwnImport, OwnImports
from recruitment.api.own import OwnOpening, OwnOpenings, OwnOpeningStep
from recruitment.api.published import PublishedOpening, PublishedOpenings

__all__ = ["OwnImport", "OwnImports", "OwnOpening", "OwnOpeningStep", "OwnOpenings", "PublishedOpening", "PublishedOpenings"]
