"""The journey: reference facts, job orders with their fees, and what the world may read of them."""

from recruitment.models.job_order import FeeCharge, JobOrder, JobOrderText, JobOrderVersion, PayLine
from recruitment.models.law import FeeCeiling, PayerRule, Standing, Unit
from recruitment.models.published import PublishedFacet, PublishedOpening, PublishedPosting, PublishedVersion, PublishedWord
from recruitment.models.reference import (
    Country,
    Currency,
    ExchangeRate,
    FeeItem,
    FeePayer,
    FeeStage,
    Field,
    Occupation,
    Prefecture,
    Programme,
    Synonym,
)
from recruitment.models.worker import Worker

__all__ = [
    "Country",
    "Currency",
    "ExchangeRate",
    "FeeCeiling",
    "FeeCharge",
    "FeeItem",
    "FeePayer",
    "FeeStage",
    "Field",
    "JobOrder",
    "JobOrderText",
    "JobOrderVersion",
    "Occupation",
    "PayLine",
    "PayerRule",
    "Prefecture",
    "Programme",
    "PublishedFacet",
    "PublishedOpening",
    "PublishedPosting",
    "PublishedVersion",
    "PublishedWord",
    "Standing",
    "Synonym",
    "Unit",
    "Worker",
]
