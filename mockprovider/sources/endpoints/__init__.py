"""What a provider serves, one module an endpoint: a request is checked, and answered in the profile's forms.

May import synthesis, profiles, and the checks beside it.
"""
