"""The journey: reference facts, job orders with their fees, and what the world may read of them."""

from recruitment.models.job_order import JobOrder
from recruitment.models.job_order_import import JobOrderImport
from recruitment.models.job_order_version import Insurance, JobOrderVersion, LanguageLevel, RequiredTest, Situation
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
from recruitment.models.version_row import FeeCharge, JobOrderText, PayLine
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
    "Insurance",
    "JobOrder",
    "JobOrderImport",
    "JobOrderText",
    "JobOrderVersion",
    "LanguageLevel",
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
    "RequiredTest",
    "Situation",
    "Standing",
    "Synonym",
    "Unit",
    "Worker",
]
