"""The register of issued documents: series with gaps and voids explained, chains, yearly figures."""
