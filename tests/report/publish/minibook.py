"""The small book of the tests and what stands around it."""

from pathlib import Path

from report.publish.meta import BookMeta

MINIBOOK = Path(__file__).parents[1] / "fixtures" / "minibook"
META = BookMeta(
    title="热线评估小样",
    subtitle="检验之用",
    date_text="二〇二二年十二月",
    publisher="某某研究院",
    notice="模拟数据：不代表真实评估结果",
    links=(("下载数据", "data.zip"),),
)
