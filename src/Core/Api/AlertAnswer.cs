using ImageScan.Core.Api.Wire;
using ImageScan.Core.Policies;

namespace ImageScan.Core.Api;

/// <summary>A violated policy as an alert, as build-time detection makes it.</summary>
internal static class AlertAnswer
{
    /// <param name="violations">The policy and what violates it.</param>
    /// <param name="image">The image.</param>
    /// <param name="now">When that was found.</param>
    public static WireAlert Of(PolicyViolations violations, WireContainerImage image, DateTimeOffset now) => new()
    {
        Id = Guid.NewGuid().ToString(),
        Policy = PolicyAnswer.Of(violations.Policy),
        LifecycleStage = WireLifecycleStage.Build,
        Image = image,
        Violations = [.. violations.Messages.Select(message => new WireViolation { Message = message })],
        Time = now,
    };
}
