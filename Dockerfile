# The bot in a container. Try it with `make image`; an operator runs it as
#
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     -v exomars:/data -e DISCORD_TOKEN -e SLACK_BOT_TOKEN -e SLACK_APP_TOKEN IMAGE
#
# or asks it something: docker run --rm IMAGE status

# ── What is installed, made where there is pip ──────────────────────────────────────────
FROM python:3.12-slim-bookworm AS build

# Root is meant here, and what pip has fetched stays in a layer that nobody keeps.
ENV PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

WORKDIR /src
RUN python -m venv --without-pip /opt/venv

# The libraries before the bot, so that a change of the bot does not fetch them again. Wheels only:
# a slim image has no compiler, and the name of what has no wheel is the better message.
COPY requirements.txt ./
RUN pip --python /opt/venv/bin/python install --require-hashes --only-binary :all: -r requirements.txt

# Not isolated and without an index: the backend comes from the lock, nothing unhashed gets in.
# Then what only installing needed goes: flit_core, and the pip that sqlite-utils brings for its own
# command line. pip compiles all it installs, which no start could do on a read-only root.
COPY pyproject.toml README.md LICENSE ./
COPY bot bot/
RUN pip --python /opt/venv/bin/python install --no-deps --no-build-isolation --no-index . \
 && pip --python /opt/venv/bin/python uninstall --yes --quiet flit_core pip

# The story goes through here for its modes: a checkout made under a strict umask is copied as it is,
# and then the bot, which is not root, could not read it.
COPY config.toml /app/
COPY corpus /app/corpus/
COPY briefings /app/briefings/
RUN chmod -R u=rwX,go=rX /app

# ── What runs ───────────────────────────────────────────────────────────────────────────
FROM python:3.12-slim-bookworm

LABEL org.opencontainers.image.title="ExoMars briefing bot" \
      org.opencontainers.image.description="Keeps a tangled news story straight for a community: dated, cited answers in chat" \
      org.opencontainers.image.licenses="MIT"

# A number, so that an orchestrator can see that it is not root, and so that the owner of a volume
# stays the same from one version to the next.
#
# The slim image has its standard library without bytecode. Compiled once here: else each start and
# each health check would compile it anew, and throw that away since the root is read-only.
#
# /data is given away before it is declared a volume: a new volume takes over its owner.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin exomars \
 && python -m compileall -q -x '/(site-packages|test|tests|idlelib|lib2to3|ensurepip|tkinter|turtledemo|pydoc_data)/' \
      /usr/local/lib/python3.12 \
 && rm -rf /usr/local/lib/python3.12/site-packages/pip* /usr/local/bin/pip* \
 && install -d -o exomars -g exomars -m 0700 /data

COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

# Unbuffered, so that a line of the log is out before whatever comes next; no bytecode, since all
# there is has been compiled. EXOMARS_CONFIG holds also where --workdir says another folder.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    EXOMARS_CONFIG=/app/config.toml \
    EXOMARS_DB=/data/exomars.db

WORKDIR /app
USER 10001:10001
VOLUME /data

# The bot says every 5 s how it is, beside its database, and after 30 s that is no longer believed.
# Three failures before it counts: Discord drops every connection now and then, and it comes back.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["exomars", "health"]

# What `exomars run` listens for: it finishes the answers in progress and ends with 0. No shell in
# between, so that the bot itself is process 1 and gets it.
STOPSIGNAL SIGTERM
ENTRYPOINT ["exomars"]
CMD ["run"]
