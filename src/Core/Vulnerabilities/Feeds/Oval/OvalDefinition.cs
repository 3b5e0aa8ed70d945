namespace ImageScan.Core.Vulnerabilities.Feeds.Oval;

/// <summary>
/// A definition of an OVAL document, reduced to what feeds use
/// (https://github.com/OVALProject/Language/blob/master/schemas/oval-definitions-schema.xsd); "" and null stand for what it does not say.
/// </summary>
internal sealed class OvalDefinition
{
    public required string Id { get; init; }

    public string Title { get; set; } = "";

    public List<string> Platforms { get; } = [];

    public List<OvalReference> References { get; } = [];

    public string Severity { get; set; } = "";

    /// <summary>Attribute <c>date</c> of <c>issued</c>, as written.</summary>
    public string? Issued { get; set; }

    /// <summary>Oracle's: the CVEs with the vectors that the vendor gives them.</summary>
    public List<OvalCve> Cves { get; } = [];

    /// <summary>Microsoft's.</summary>
    public string Patchable { get; set; } = "";

    /// <summary>Microsoft's.</summary>
    public string AdvisoryDate { get; set; } = "";

    /// <summary>Microsoft's.</summary>
    public string AdvisoryId { get; set; } = "";

    public OvalCriteria? Criteria { get; set; }
}

/// <summary>What a definition is about.</summary>
internal sealed record OvalReference(string Source, string Id, string Address);

/// <summary>A CVE, with score and vector as written: <c>7.8/CVSS:3.1/AV:L/...</c>.</summary>
internal sealed record OvalCve(string Id, string? Cvss2, string? Cvss3);

/// <summary>A group of conditions.</summary>
internal sealed class OvalCriteria
{
    /// <summary>Whether one of its conditions is enough.</summary>
    public required bool IsAny { get; init; }

    public List<OvalCriteria> Groups { get; } = [];

    public List<OvalCriterion> Tests { get; } = [];
}

/// <summary>A condition.</summary>
/// <param name="Test">The id of the test that it stands for.</param>
/// <param name="Comment">The test in words; "" if there are none.</param>
internal sealed record OvalCriterion(string Test, string Comment);
