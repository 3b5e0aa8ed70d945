namespace ImageScan.Core.Api;

/// <summary>What answers look like, section <c>Api</c> of the settings.</summary>
public sealed record ApiSettings
{
    /// <summary>Whose fields and JSON answers have.</summary>
    public ApiLevel Level { get; init; } = ApiLevel.Release45;

    /// <summary>Whether components have their licence; StackRox sends null.</summary>
    public bool FillLicense { get; init; } = true;

    /// <summary>Whether components of the system have their executables; StackRox sends none.</summary>
    public bool FillExecutables { get; init; }

    /// <summary>Whether CVEs can be snoozed; 4.5 as it is delivered answers 404.</summary>
    public bool Snooze { get; init; } = true;
}
