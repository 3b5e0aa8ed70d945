namespace ImageScan.Core.Api;

/// <summary>What answers hold beyond those of StackRox 4.5, section <c>Api</c> of the settings.</summary>
public sealed record ApiSettings
{
    /// <summary>Whether components have their licence; StackRox sends null.</summary>
    public bool FillLicense { get; init; } = true;

    /// <summary>Whether components of the system have their executables; StackRox sends none.</summary>
    public bool FillExecutables { get; init; }
}
