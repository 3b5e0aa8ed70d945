namespace ImageScan.Core.Scans.Suppression;

/// <summary>Bounds of our own on what callers may have kept; StackRox has none. With them an exception always fits into a row.</summary>
public static class ExceptionBounds
{
    /// <summary>CVEs of an exception, and of a request to snooze some.</summary>
    public const int Cves = 1_000;

    public const int CveCharacters = 256;

    public const int CommentCharacters = 2_000;

    /// <summary>Comments of an exception: beyond, it can be decided and ended, but no longer be changed.</summary>
    public const int Comments = 100;

    /// <summary>Of each part of a scope; the longest repository has 255.</summary>
    public const int ScopeCharacters = 512;

    /// <summary>Exceptions that are pending or in force: every instance holds those in force.</summary>
    public const int Open = 10_000;

    /// <summary>CVEs that are snoozed at once.</summary>
    public const int Snoozes = 20_000;
}
