"""Pages about files that come in, for officials and for platforms' people alike: both audiences mount them.

Whose files one sees is asked of the actor; links lead inside the audience that was asked (`url_for(".…")`).
"""
