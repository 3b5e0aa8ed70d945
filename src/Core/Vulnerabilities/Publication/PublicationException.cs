namespace ImageScan.Core.Vulnerabilities.Publication;

/// <summary>A snapshot that is not published, or not taken back. The message says why and what to do.</summary>
public sealed class PublicationException(string message, Exception? inner = null) : Exception(message, inner);
