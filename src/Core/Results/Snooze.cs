namespace ImageScan.Core.Results;

/// <summary>A CVE that nobody wants to see for a while, in whatever image.</summary>
/// <param name="Cve">Its name, as findings have it.</param>
/// <param name="Activation">Since when.</param>
/// <param name="Expiry">Until when; from that moment on it is seen again.</param>
public sealed record Snooze(string Cve, DateTimeOffset Activation, DateTimeOffset Expiry);
