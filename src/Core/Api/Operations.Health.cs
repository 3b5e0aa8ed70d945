namespace ImageScan.Core.Api;

// Whether the app can do its work now.
public static partial class Operations
{
    public static Operation Ready { get; } = new("Ready", "GET", Routes.Ready, RequiredAccess.None)
    {
        Summary = "That storage and advisories are there, in one word; what is not is said to those who may read.",
        IsOwn = true,
    };
}
