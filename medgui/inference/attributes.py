"""The 31 source attributes of a predictive decision support intervention.

Source: 45 CFR 170.315(b)(11)(iv)(B), HTI-1 final rule, US Department of Health and Human Services 2024. Every
manifest states each one in English and Chinese; what is not known says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from medgui.i18n import N_

SECTIONS: Mapping[str, str] = {
    "details": N_("Details and output"),
    "purpose": N_("Purpose"),
    "out_of_scope": N_("Cautioned out-of-scope use"),
    "development": N_("Development and input features"),
    "fairness": N_("Fairness in development"),
    "external": N_("External validation"),
    "performance": N_("Performance figures"),
    "maintenance": N_("Maintenance and monitoring"),
    "update": N_("Update and continued validation"),
}

ATTRIBUTES: Mapping[str, str] = {
    "details.developer": N_("Developer and contact"),
    "details.funding": N_("Funding of the technical implementation"),
    "details.output_value": N_("Value that is produced as output"),
    "details.output_type": N_("Type of output"),
    "purpose.intended_use": N_("Intended use"),
    "purpose.intended_population": N_("Intended patients"),
    "purpose.intended_users": N_("Intended users"),
    "purpose.decision_role": N_("Role in the decision"),
    "out_of_scope.cautioned_uses": N_("Uses that are cautioned against"),
    "out_of_scope.known_risks": N_("Known risks and limitations"),
    "development.criteria": N_("Inclusion and exclusion criteria of the training data"),
    "development.sensitive_inputs": N_(
        "Use of race, ethnicity, language, sex, age and social factors as inputs"
    ),
    "development.representativeness": N_("Demographic representativeness of the training data"),
    "development.relevance": N_("Relevance of the training data to the setting of use"),
    "fairness.approach": N_("Approach to a fair output"),
    "fairness.bias_reduction": N_("Approaches to reduce bias"),
    "external.data": N_("External data source and setting"),
    "external.party": N_("Party that did the external testing"),
    "external.representativeness": N_("Demographic representativeness of the external data"),
    "external.process": N_("Process of the external validation"),
    "performance.validity_internal": N_("Validity in test data of the same source"),
    "performance.fairness_internal": N_("Fairness in test data of the same source"),
    "performance.validity_external": N_("Validity in external data"),
    "performance.fairness_external": N_("Fairness in external data"),
    "performance.outcome_studies": N_("Studies of the effect on patients"),
    "maintenance.validity_monitoring": N_("Monitoring of validity over time"),
    "maintenance.validity_local": N_("Validity in local data"),
    "maintenance.fairness_monitoring": N_("Monitoring of fairness over time"),
    "maintenance.fairness_local": N_("Fairness in local data"),
    "update.process": N_("Process and frequency of updates"),
    "update.correction": N_("Correction when risks are found"),
}


def section_of(key: str) -> str:
    """The section of an attribute ("details.funding" belongs to "details")."""
    return key.partition(".")[0]
