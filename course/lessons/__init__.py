"""What every lesson draws and moves with: pictures, widgets, small networks, metrics, data sets, stored studies.

Nothing here belongs to one chapter, and nothing here imports one. Learners meet it through their chapter's `lesson`
module. It must never import TensorFlow.
"""
