"""Permissions of staff: roles, rules for records, and their enforcement in the model layer.

Offers `rules.allowed` and `require`, `enforcement.register_rule` and `PermissionCheckedQuerySet`, the admin's mixin,
`groups.grant_after_migrate`, and the current actor. May import `helpdesk.content` and lower packages, and no app.
"""
