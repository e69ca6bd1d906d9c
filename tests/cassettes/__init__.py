"""Tests of exchanges on disk."""
