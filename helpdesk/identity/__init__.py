"""Identity of the portal: its names, logo, accent color and links, from one record that overrides the settings.

Offers the models and `current.identity()`. May import images, outside and what is below; pages get it by `context`.
"""
