"""Glossary: terms and what they mean. May import what `helpdesk.faq` may."""
