namespace ImageScan.Core.Vulnerabilities.Feeds.RedHat;

/// <summary>Why statements of a document are left out, in the words of the report.</summary>
internal static class VexSkip
{
    public const string WholeProduct = "about a product as a whole";
    public const string WholeModule = "about a module as a whole";
    public const string NoPurl = "about a component without a package URL";
    public const string NoRpm = "about what is no rpm of Red Hat's";
    public const string NoCpe = "about a product without a CPE of Red Hat's";
    public const string Malformed = "with a package URL that cannot be read";
    public const string NoVersion = "fixed, but in no version";
    public const string SourceRpm = "a source rpm beside the rpms built from it";
    public const string DebugPackage = "of symbols or sources for debuggers";
    public const string NoImpact = "of no impact: unrated and scored 0.0";
    public const string Denial = "not affected, where nothing says otherwise";
    public const string Deleted = "deleted by Red Hat";
    public const string OtherFile = "a file that is no document about a CVE";
}
