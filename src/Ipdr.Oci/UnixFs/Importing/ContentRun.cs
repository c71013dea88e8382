namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>Some chunks of a file that follow each other.</summary>
/// <param name="Index">How many runs come before it.</param>
/// <param name="Length">Bytes; fewer than a whole run at the end of the file, 0 after it.</param>
internal readonly record struct ContentRun(long Index, int Length);
