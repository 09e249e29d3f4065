from tests.browser.test_accessibility import PAGES
from tests.browser.conftest import portal
OVER="""() => { const w = document.documentElement.clientWidth; const out=[]; 
 if (document.documentElement.scrollWidth<=w) return out;
 for (const e of document.querySelectorAll('body *')) { const r=e.getBoundingClientRect(); if (r.right>w+0.5 && r.width>1 && getComputedStyle(e).clipPath==='none') out.push(e.tagName+'.'+e.className+' '+Math.round(r.right)+' '+e.textContent.trim().slice(0,40)); } return [document.documentElement.scrollWidth, ...out.slice(0,2), ...out.slice(-3)]; }"""
def test_it(page, portal):
    page.set_viewport_size({"width": 320, "height": 800})
    for n, path in PAGES.items():
        page.goto(portal+path); page.evaluate("document.documentElement.style.fontSize='200%'")
        print(n, page.evaluate(OVER))
