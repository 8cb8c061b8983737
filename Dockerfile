# The API. eng/api-image.sh provides the base image, publishes with the machine's SDK and builds this.
FROM mcr.microsoft.com/dotnet/aspnet:10.0

# A base image that eng/aspnet-image.sh built has the packages already; it has no apt.
RUN if command -v sqlite3 && command -v tesseract; then exit 0; fi; \
    apt-get update && \
    apt-get install -y --no-install-recommends sqlite3 tesseract-ocr tesseract-ocr-eng tesseract-ocr-hin && \
    rm -rf /var/lib/apt/lists/*

# Data and backups belong to the service's account, and a new volume on either takes that over. Nothing else is writable.
RUN install -d -m 0700 -o $APP_UID -g $APP_UID /app/data /backups && ln -s data/sessions.db /app/sessions.db
COPY deploy/healthy.sh /usr/local/bin/healthy
COPY artifacts/publish/image /app

WORKDIR /app
USER $APP_UID
VOLUME /app/data
EXPOSE 8000
ENV ASPNETCORE_HTTP_PORTS= \
    ASPNETCORE_URLS=http://+:8000 \
    AfirGen__DataFolder=/app/data \
    DOTNET_EnableDiagnostics=0
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["healthy"]

# Exec form: SIGTERM reaches the service itself, so that it drains.
ENTRYPOINT ["dotnet", "AfirGen.Api.dll"]
