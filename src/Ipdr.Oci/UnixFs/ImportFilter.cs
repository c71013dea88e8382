namespace Ipdr.Oci.UnixFs;

/// <summary>Decides whether something is taken in; false for a directory leaves out all that is in it.</summary>
/// <param name="path">From the root, with slashes.</param>
/// <param name="isDirectory">Is it a directory?</param>
public delegate bool ImportFilter(string path, bool isDirectory);
