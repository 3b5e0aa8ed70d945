namespace ImageScan.Core.Scans.Search;

/// <summary>A query that cannot be searched; the message says why, and may quote the query.</summary>
public sealed class ImageQueryException(string message) : Exception(message);
