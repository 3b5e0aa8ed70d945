namespace ImageScan.Core.Storage;

/// <summary>The tables, before <c>Storage__Prefix</c>.</summary>
public static class TableNames
{
    /// <summary>One row a scan: what lists show, and which generation of its content is valid.</summary>
    public const string Images = "Images";

    public const string ImageContent = "ImageContent";

    /// <summary>Which manifest an index answers with, per platform.</summary>
    public const string Aliases = "Aliases";

    public const string FirstOccurrences = "FirstOccurrences";

    /// <summary>A partition a layer: a row for each set of detectors that has read it, or reads it now.</summary>
    public const string Layers = "Layers";

    public const string LayerContent = "LayerContent";

    /// <summary>What newer advisories have changed in the findings of images.</summary>
    public const string Changes = "Changes";

    /// <summary>A partition a job: the job, and a row for each layer that is read over the queue.</summary>
    public const string Jobs = "Jobs";

    /// <summary>Which job is open for a target; a closed job has none.</summary>
    public const string Claims = "Claims";

    /// <summary>Names of images that are looked at by the clock.</summary>
    public const string WatchedImages = "WatchedImages";

    /// <summary>The heartbeats of clusters, and which scans go to them.</summary>
    public const string Clusters = "Clusters";

    /// <summary>Snoozed CVEs, exceptions and requests for them.</summary>
    public const string Suppressions = "Suppressions";

    /// <summary>VEX documents, which act as suppression.</summary>
    public const string Vex = "Vex";

    /// <summary>Hashes of the tokens that were made over the API.</summary>
    public const string ApiTokens = "ApiTokens";

    /// <summary>Who changed what.</summary>
    public const string Audit = "Audit";

    /// <summary>The signatures that were found beside images, and what they were worth.</summary>
    public const string Signatures = "Signatures";

    /// <summary>Whose signatures are trusted.</summary>
    public const string SignatureIntegrations = "SignatureIntegrations";

    /// <summary>Registries that were made known over the API.</summary>
    public const string ImageIntegrations = "ImageIntegrations";

    /// <summary>What is still to be sent out after scans, and what could not be delivered.</summary>
    public const string Notifications = "Notifications";

    /// <summary>Which images have which CVEs and components.</summary>
    public const string ImageTerms = "ImageTerms";

    /// <summary>What one run of the sweep leaves to the next.</summary>
    public const string Sweeps = "Sweeps";
}
