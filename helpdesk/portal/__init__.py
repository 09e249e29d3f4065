"""Pages of the portal as a whole: home, error pages, news, feed, sitemap, robots.txt, preview, style guide.

Offers views to `helpdesk.urls`. May import every package but `management`; imported by `urls` only.
"""
