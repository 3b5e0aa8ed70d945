namespace ImageScan.Core.Api.Wire;

/// <summary>A field of this app in a message of StackRox: JSON has it when it is set, protobuf has no number for it and does without.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OwnAttribute : Attribute;
