namespace ImageScan.Core.Layers;

/// <summary>The bytes of a layer are no archive, or one that breaks the rules of its format.</summary>
public sealed class MalformedLayerException : LayerException
{
    public MalformedLayerException(string message)
        : base(message)
    {
    }

    public MalformedLayerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
