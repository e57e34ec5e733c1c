"""The kinds of files that make a workspace: their models, their places, what they are in words."""

from __future__ import annotations

from typing import NamedTuple, get_args

from evaluator.model.base import Model
from evaluator.model.catalogue import CatalogueHead, CriteriaFile, Weights
from evaluator.model.demand import Demand, Guardrails
from evaluator.model.elicitation import Stakeholder
from evaluator.model.file_names import CATALOGUE, EVALUATION, GUARDRAILS, LANGUAGE, REVIEW_LOG, USE_CASES, WEIGHTS
from evaluator.model.language import LanguageFile
from evaluator.model.review import Review, ReviewLog
from evaluator.model.scorecard import Scorecard
from evaluator.model.vendor import Profile
from evaluator.model.workspace import Evaluation


class Kind(NamedTuple):
    """One kind of file."""

    model: type[Model]
    place: str
    what: str


KINDS = {
    "evaluation": Kind(Evaluation, EVALUATION, "what is decided, by whom, as of when"),
    "catalogue": Kind(CatalogueHead, CATALOGUE, "the scale, the evidence grades and the families"),
    "criteria": Kind(CriteriaFile, "criteria/<family>.yaml", "the criteria of one family"),
    "weights": Kind(Weights, WEIGHTS, "the weights of families and criteria"),
    "stakeholder": Kind(Stakeholder, "weights/<role>.yaml", "what one stakeholder said about the weights"),
    "use-cases": Kind(Demand, USE_CASES, "the capabilities and the use cases"),
    "guardrails": Kind(Guardrails, GUARDRAILS, "the data classes and when a review is due"),
    "profile": Kind(Profile, "vendors/<vendor>/profile.yaml", "a vendor's facts, editions and capabilities"),
    "scorecard": Kind(Scorecard, "vendors/<vendor>/<edition>/<assessor>.yaml", "one assessor's answers on one edition"),
    "review": Kind(Review, "reviews/<review>.yaml", "one review, from its opening on"),
    "language": Kind(LanguageFile, LANGUAGE, "the words of the papers"),
    "review-log": Kind(ReviewLog, REVIEW_LOG, "what happens between two reviews"),
}


def schema_of(model: type[Model]) -> str:
    """What a file of this model says of itself under ``schema``, for instance ``weights/1``."""
    return str(get_args(model.model_fields["format"].annotation)[0])


def kind_of(model: type[Model]) -> str:
    """The kind of file that the model is of: a key of :data:`KINDS`."""
    return schema_of(model).partition("/")[0]
