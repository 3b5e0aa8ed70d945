namespace ImageScan.Core.Api.Wire;

/// <summary>The release in which a field appeared; older levels are without its key.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SinceAttribute(int major, int minor) : Attribute
{
    public bool IsIn(ApiLevel level) => (int)level >= (major * 100) + minor;
}
