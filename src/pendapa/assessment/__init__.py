"""Assessment: readiness and gap, SWOT and TOWS, the yearly evaluation, the rubric of urban innovation."""
