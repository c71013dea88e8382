namespace Ipdr.Oci.UnixFs;

/// <summary>A moment as file systems keep it.</summary>
/// <param name="Seconds">Since 1970, negative before.</param>
/// <param name="Nanoseconds">Beyond the second, 0 to 999,999,999.</param>
internal readonly record struct UnixTime(long Seconds, uint Nanoseconds);
