FROM python:3.12.7-slim
RUN pip install --no-cache-dir numpy==2.1.3
COPY app.py /app/
USER 1000
CMD ["python", "/app/app.py"]
