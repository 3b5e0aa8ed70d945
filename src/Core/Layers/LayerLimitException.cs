namespace ImageScan.Core.Layers;

/// <summary>A layer asks for more than one of the <see cref="LayerLimits"/> allows.</summary>
public sealed class LayerLimitException : LayerException
{
    /// <param name="problem">What the layer has too much of, as the rest of a sentence that begins with "The layer".</param>
    /// <param name="limit">The name of the property of <see cref="LayerLimits"/>.</param>
    /// <param name="value">The value of that limit.</param>
    public LayerLimitException(string problem, string limit, long value)
        : base(FormattableString.Invariant($"The layer {problem}; the limit is {value}, set by Limits__{limit}."))
    {
        Limit = limit;
        Value = value;
    }

    /// <summary>The name of the property of <see cref="LayerLimits"/>.</summary>
    public string Limit { get; }

    public long Value { get; }
}
