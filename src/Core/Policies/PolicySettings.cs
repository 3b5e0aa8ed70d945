namespace ImageScan.Core.Policies;

/// <summary>Which policies builds are held against, section <c>Policies</c> of the settings.</summary>
public sealed record PolicySettings
{
    /// <summary>A file with all policies there are to be, in the place of those that come with the app; "" for these.</summary>
    public string Path { get; init; } = "";

    /// <summary>What single policies are to do other than they say themselves.</summary>
    public IReadOnlyList<PolicyChoice> Choices { get; init; } = [];
}

/// <summary>What one policy is to do.</summary>
public sealed record PolicyChoice
{
    /// <summary>Its name or its id; an entry without either is none.</summary>
    public string Policy { get; init; } = "";

    public PolicyState State { get; init; } = PolicyState.Warn;
}

/// <summary>What comes of a policy that is violated.</summary>
public enum PolicyState
{
    /// <summary>Nobody looks at it.</summary>
    Off,

    /// <summary>An alert.</summary>
    Warn,

    /// <summary>An alert by which a build fails.</summary>
    Fail,
}
